using System.Text;
using System.Text.Json;
using Countersign.Integrations.Secrets;
using CsCheck;

namespace Countersign.Integrations.Tests.Secrets;

public sealed class ScrubberTests
{
    private static readonly Gen<string> Secret = Gen.String[Gen.OneOf(Gen.Char['a', 'z'], Gen.Char['A', 'Z'], Gen.Char['0', '9'], Gen.Char[" \"\\/+%<&\n\té€='-~"]), 4, 40];
    private static readonly Gen<string> Around = Gen.String[Gen.Char['(', '*'], 0, 9];

    [Fact]
    public void No_form_of_a_value_is_left()
    {
        Gen.Select(Secret, Around, Around).Sample((secret, before, after) =>
        {
            var scrubber = new Scrubber([secret]);
            foreach (var (form, text) in Forms(secret))
            {
                var scrubbed = scrubber.Scrub(before + text + after);
                if (scrubbed.Contains(text, StringComparison.Ordinal) || !scrubbed.Contains(Scrubber.Mark, StringComparison.Ordinal)) throw new InvalidOperationException($"{form} of {JsonSerializer.Serialize(secret)}: {text} became {scrubbed}");
                if (!scrubbed.StartsWith(before, StringComparison.Ordinal) || !scrubbed.EndsWith(after, StringComparison.Ordinal)) throw new InvalidOperationException($"{form} of {JsonSerializer.Serialize(secret)}: more than the value was taken from {before + text + after}: {scrubbed}");
            }
        }, iter: 3_000);
    }

    [Fact]
    public void In_base64_a_value_is_found_wherever_it_stands()
    {
        Gen.Select(Gen.String[Gen.Char['!', '~'], 4, 40], Gen.Byte.Array[0, 8], Gen.Byte.Array[0, 8]).Sample((secret, before, after) =>
        {
            var scrubber = new Scrubber([secret]);
            var packed = Convert.ToBase64String([.. before, .. Encoding.UTF8.GetBytes(secret), .. after]);
            foreach (var text in (string[])[packed, packed.Replace('+', '-').Replace('/', '_')])
            {
                var scrubbed = scrubber.Scrub(text);
                // What is left cannot give back four characters of it.
                Assert.Contains(Scrubber.Mark, scrubbed, StringComparison.Ordinal);
                Assert.True(scrubbed.Length <= packed.Length - (secret.Length * 8 / 6) + 3 + 1, $"{secret} in {text} became {scrubbed}");
            }
        }, iter: 3_000);
    }

    [Fact]
    public void What_has_nothing_of_a_value_stays_as_it_is()
    {
        var scrubber = new Scrubber(["s3cret-value", "abc", ""]);
        var json = JsonElement.Parse("""{"a":[1,true,null,"s3cret-valu"],"abc":"abc"}""");

        Assert.Equal("abc s3cret-valu", scrubber.Scrub("abc s3cret-valu"));
        Assert.Equal(json.GetRawText(), scrubber.Scrub(json).GetRawText());
        Assert.True(new Scrubber(["abc"]).IsEmpty);
    }

    [Fact]
    public void In_json_names_texts_and_numbers_are_scrubbed_and_it_stays_json()
    {
        var scrubber = new Scrubber(["4711", "k\"ey!"]);

        Assert.Equal("""{"***":"x***y","n":"***","o":[{"p":"***"}]}""", scrubber.Scrub(JsonElement.Parse("""{"k\"ey!":"x4711y","n":4711,"o":[{"p":"k\u0022ey!"}]}""")).GetRawText());
    }

    [Fact]
    public void A_secret_of_json_stands_for_the_texts_in_it()
        => Assert.Equal(["""{"user":"ann","keys":["abcd",12345]}""", "ann", "abcd", "12345"], Scrubber.ValuesOf("""{"user":"ann","keys":["abcd",12345]}"""));

    [Fact]
    public void Ten_megabytes_are_scrubbed_in_reasonable_time()
    {
        var body = new byte[10 * 1024 * 1024];
        new Span<byte>(body).Fill((byte)'s');
        "s3cret-value"u8.CopyTo(body.AsSpan(5_000_000));

        Assert.Equal(body.Length - 9, new Scrubber(["s3cret-value", "another-one"]).Scrub(body).Length);
    }

    private static IEnumerable<(string, string)> Forms(string secret)
    {
        yield return ("itself", secret);
        yield return ("percent", Uri.EscapeDataString(secret));
        yield return ("percent in small letters", Lower(Uri.EscapeDataString(secret)));
        yield return ("all percent", string.Concat(Encoding.UTF8.GetBytes(secret).Select(one => $"%{one:X2}")));
        yield return ("form", System.Net.WebUtility.UrlEncode(secret));
        var once = Json(secret, System.Text.Encodings.Web.JavaScriptEncoder.Default);
        yield return ("json", once);
        yield return ("relaxed json", Json(secret, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping));
        yield return ("json in json", Json(once, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping));
    }

    private static string Json(string text, System.Text.Encodings.Web.JavaScriptEncoder encoder) => encoder.Encode(text);

    private static string Lower(string text) => System.Text.RegularExpressions.Regex.Replace(text, "%[0-9A-F]{2}", match => match.Value.ToLowerInvariant());

    [Fact]
    public async Task An_answer_that_is_almost_a_value_does_not_take_for_ever_to_look_through()
    {
        var value = string.Concat(Enumerable.Range(0, 40).Select(i => $"line{i}\\n")) + "end";
        var almost = value.Replace("\\", @"\\\\", StringComparison.Ordinal)[..^1] + "x";

        var scrubbed = await Task.Run(() => new Scrubber([value]).Scrub(almost + value)).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(almost + Scrubber.Mark, scrubbed);
    }
}
