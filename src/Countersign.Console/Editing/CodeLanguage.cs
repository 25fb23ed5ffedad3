namespace Countersign.Console.Editing;

/// <summary>The languages that the editor colors, by the names that it knows them by.</summary>
public static class CodeLanguage
{
    /// <summary>JSON, checked while it is typed.</summary>
    public const string Json = "json";

    /// <summary>JavaScript.</summary>
    public const string JavaScript = "javascript";

    /// <summary>Python.</summary>
    public const string Python = "python";

    /// <summary>C#.</summary>
    public const string CSharp = "csharp";

    /// <summary>XML.</summary>
    public const string Xml = "xml";

    /// <summary>HTML.</summary>
    public const string Html = "html";

    /// <summary>Commands of a shell.</summary>
    public const string Shell = "shell";

    /// <summary>Text without colors.</summary>
    public const string Plain = "plaintext";
}
