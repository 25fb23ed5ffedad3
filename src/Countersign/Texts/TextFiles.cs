using System.Text.Json;

namespace Countersign.Texts;

/// <summary>The texts and layouts that are part of the program.</summary>
internal static class TextFiles
{
    private const string Prefix = "Texts/";
    private const string LanguagePrefix = Prefix + "Languages/";

    /// <summary>Every language, in the order of the tags.</summary>
    public static IEnumerable<Language> ReadLanguages()
        => typeof(TextFiles).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(LanguagePrefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => new Language(JsonSerializer.Deserialize(Read(name[Prefix.Length..]), LanguageJson.Default.LanguageFile)!));

    /// <summary>A file's text, by its path below <c>Texts</c>.</summary>
    public static string Read(string path)
    {
        using var stream = typeof(TextFiles).Assembly.GetManifestResourceStream(Prefix + path) ?? throw new FileNotFoundException("No such text is built in", path);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
