using Countersign.Bench.Passcodes;

namespace Countersign.Bench.Seeding;

/// <summary>Identifiers in the product's own form, which sort by creation: three letters, eight characters of time, nine at random.</summary>
internal static class Ids
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Unix milliseconds of the first person's making; each follows a millisecond later.</summary>
    private const long First = 1_767_225_600_000;

    public static string User(Person person) => Make("00u", person, "user"u8);

    public static string Factor(Person person) => Make("ost", person, "factor"u8);

    public static string Phone(Person person) => Make("sms", person, "phone"u8);

    public static string Key(Person person) => Make("fwf", person, "key"u8);

    private static string Make(string prefix, Person person, ReadOnlySpan<byte> purpose)
    {
        Span<char> id = stackalloc char[20];
        prefix.CopyTo(id);
        var time = First + person.Number;
        for (var i = 10; i >= 3; i--, time /= Alphabet.Length) id[i] = Alphabet[(int)(time % Alphabet.Length)];
        var random = person.Derive(purpose);
        for (var i = 11; i < id.Length; i++) id[i] = Alphabet[random[i] % Alphabet.Length];
        return new string(id);
    }
}
