using System.Runtime.CompilerServices;

namespace Countersign.Server.Tests;

/// <summary>Where the repository's files are.</summary>
internal static class Repository
{
    public static string Path => PathOf();

    private static string PathOf([CallerFilePath] string here = "") => System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(here)!, "..", ".."));
}
