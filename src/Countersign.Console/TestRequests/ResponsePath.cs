namespace Countersign.Console.TestRequests;

/// <summary>The way to a place in a response's body, as expressions of later tasks write it (workflow contract 5.2).</summary>
internal static class ResponsePath
{
    /// <summary>A place that is a member: <c>.name</c>, or <c>['a.b']</c> where the name could be read as something else.</summary>
    public static string Member(string path, string name)
        => name.Length > 0 && name.All(letter => char.IsLetterOrDigit(letter) || letter is '_' or '-')
            ? $"{path}.{name}"
            : $"{path}['{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}']";

    /// <summary>A place that is an item of a list, counted from 0.</summary>
    public static string Item(string path, int index) => $"{path}[{index}]";

    /// <summary>The expression that reaches a place in the body of a task's response.</summary>
    /// <param name="reference">The task's reference name.</param>
    /// <param name="path">The place; empty for the whole body.</param>
    public static string Expression(string reference, string path) => $"${{{reference}.output.response.body{path}}}";
}
