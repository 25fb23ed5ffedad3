using System.Text;

namespace Countersign.Storage.Files;

/// <summary>Files with secrets: readable by their owner only, and never seen half written.</summary>
public static class PrivateFile
{
    /// <summary>
    /// Writes a line of ASCII text to a new file. When the file exists already nothing happens: of nodes that start at once, all end with the file of one.
    /// </summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Create(string file, string line)
    {
        var draft = $"{file}.{Guid.NewGuid():n}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(draft, options))
        {
            stream.Write(Encoding.ASCII.GetBytes(line + "\n"));
            stream.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(draft, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(draft);
        }
    }
}
