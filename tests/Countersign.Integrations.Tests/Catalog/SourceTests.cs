using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Countersign.Integrations.Catalog.Documents;

namespace Countersign.Integrations.Tests.Catalog;

public sealed class SourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("countersign-source-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_folder_and_both_kinds_of_archive_hand_out_the_same_documents()
    {
        var files = new Dictionary<string, string> { ["api/b.yaml"] = "b", ["api/a.json"] = "a", ["readme.md"] = "no", ["package.json"] = "no", ["api/deep/c.yml"] = "c" };
        var folder = Path.Combine(_folder, "folder");
        foreach (var (name, text) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
            File.WriteAllText(Path.Combine(folder, name), text);
        }
        var (zip, tgz) = (Path.Combine(_folder, "x.zip"), Path.Combine(_folder, "x.tgz"));
        ZipFile.CreateFromDirectory(folder, zip);
        using (var packed = new GZipStream(File.Create(tgz), CompressionLevel.Fastest)) TarFile.CreateFromDirectory(folder, packed, includeBaseDirectory: false);

        foreach (var path in new[] { folder, zip, tgz })
        {
            var source = DocumentSource.Open(path);
            Assert.Equal(3, source.Count());
            Assert.Equal(["a", "b", "c"], source.Read().Select(document => Encoding.UTF8.GetString(document.Text!)).Order());
            Assert.All(source.Read(), document => Assert.False(document.IsCertain));
        }
        Assert.True(DocumentSource.Open(Path.Combine(folder, "api/a.json"), "mine.json").Read().Single() is { IsCertain: true, Name: "mine.json" });
    }

    [Fact]
    public void A_file_of_an_archive_that_unpacks_to_too_much_has_no_text()
    {
        var zip = Path.Combine(_folder, "bomb.zip");
        using (var archive = new ZipArchive(File.Create(zip), ZipArchiveMode.Create))
        using (var entry = archive.CreateEntry("bomb.json", CompressionLevel.Fastest).Open())
        {
            var zeros = new byte[1024 * 1024];
            for (var i = 0; i < 65; i++) entry.Write(zeros);
        }

        var document = DocumentSource.Open(zip).Read().Single();

        Assert.Null(document.Text);
        Assert.True(new FileInfo(zip).Length < 1_000_000);
    }

    [Theory]
    [InlineData("PK\u0003\u0004 and then nothing", typeof(InvalidDataException))]
    [InlineData("\u001f\u008b broken", typeof(InvalidDataException))]
    public void A_broken_archive_says_so(string text, Type expected)
    {
        var file = Path.Combine(_folder, "broken");
        File.WriteAllBytes(file, Encoding.Latin1.GetBytes(text));

        Assert.Throws(expected, () => DocumentSource.Open(file).Read().ToList());
    }
}
