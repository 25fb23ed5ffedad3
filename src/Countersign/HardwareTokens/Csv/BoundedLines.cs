namespace Countersign.HardwareTokens.Csv;

/// <summary>The lines of a text, one at a time, none longer than a bound: what is too long is told, not kept.</summary>
internal static class BoundedLines
{
    /// <summary>The lines from 1 with their numbers; null in place of one that is longer than <paramref name="longest"/> characters.</summary>
    public static IEnumerable<(int Number, string? Text)> Read(TextReader reader, int longest)
    {
        var line = new char[longest];
        var (number, length, isTooLong, wasReturn) = (1, 0, false, false);
        var chunk = new char[4_096];
        for (int count; (count = reader.Read(chunk)) > 0;)
        {
            for (var i = 0; i < count; i++)
            {
                var (character, isSecondHalf) = (chunk[i], wasReturn && chunk[i] == '\n');
                wasReturn = character == '\r';
                if (isSecondHalf) continue;
                if (character is not ('\r' or '\n'))
                {
                    if (length < longest) line[length++] = character;
                    else isTooLong = true;
                    continue;
                }
                yield return (number++, isTooLong ? null : new string(line, 0, length));
                (length, isTooLong) = (0, false);
            }
        }
        if (length > 0) yield return (number, isTooLong ? null : new string(line, 0, length));
        Array.Clear(line);
    }
}
