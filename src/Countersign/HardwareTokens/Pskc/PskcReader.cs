using System.Xml;
using Countersign.Factors.Otp;

namespace Countersign.HardwareTokens.Pskc;

/// <summary>
/// Reads Portable Symmetric Key Containers (RFC 6030) as they come, a key at a time: HOTP and TOTP keys, in the clear or encrypted with a pre-shared key or a password. A key that
/// cannot be used is told and stops no other. Whatever the file is, reading it neither throws nor keeps more than one key's bounded piece in memory. Digital signatures are not checked.
/// </summary>
public static class PskcReader
{
    private const string Namespace = "urn:ietf:params:xml:ns:keyprov:pskc";
    private const int LongestTag = 65_536, MostNames = 262_144, Deepest = 48;
    private const int MostElements = 300, MostCharacters = 65_536;

    /// <summary>The file's keys as it is read.</summary>
    /// <param name="file">The file.</param>
    /// <param name="secrets">What opens it.</param>
    public static IEnumerable<ImportRow> Read(Stream file, PskcSecrets secrets)
    {
        var (reader, fault) = Open(file);
        if (reader is null)
        {
            yield return fault!;
            yield break;
        }
        using var closing = reader;
        var encryption = new PskcEncryption(secrets);
        while (Next(reader, encryption) is { } row)
        {
            yield return row;
            if (row is ImportRow.Unreadable) yield break;
        }
    }

    /// <summary>An XML reader looks at the beginning of the file at once.</summary>
    private static (XmlReader? Reader, ImportRow? Fault) Open(Stream file)
    {
        try
        {
            return (XmlReader.Create(new BoundedTags(file, LongestTag), new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                IgnoreComments = true,
                IgnoreProcessingInstructions = true,
                IgnoreWhitespace = true,
                NameTable = new BoundedNames(MostNames),
            }), null);
        }
        catch (Exception exception) when (exception is XmlException or InvalidDataException or IOException)
        {
            return (null, Unreadable(1, exception));
        }
    }

    /// <summary>The next key; null at the end.</summary>
    private static ImportRow? Next(XmlReader reader, PskcEncryption encryption)
    {
        try
        {
            while (Advance(reader))
            {
                if (reader.NodeType != XmlNodeType.Element) continue;
                if (reader.Depth == 0)
                {
                    if (reader.LocalName != "KeyContainer" || reader.NamespaceURI != Namespace) return new ImportRow.Unreadable(LineOf(reader), "it is no key container of RFC 6030");
                    continue;
                }
                var line = LineOf(reader);
                switch (reader.LocalName)
                {
                    case "EncryptionKey":
                        encryption.ReadKey(Whole(reader) ?? new PskcElement(""));
                        break;
                    case "MACMethod":
                        encryption.ReadMac(Whole(reader) ?? new PskcElement(""));
                        break;
                    case "KeyPackage":
                        return Whole(reader) is { } package ? ToRow(line, package, encryption)
                            : new ImportRow.Refused(line, null, $"it has more than {MostElements} elements or {MostCharacters} characters");
                    default:
                        Whole(reader);
                        break;
                }
            }
            return null;
        }
        catch (Exception exception) when (exception is XmlException or InvalidDataException or IOException)
        {
            return Unreadable(LineOf(reader), exception);
        }
    }

    /// <summary>An XML reader's message is not repeated: it quotes the file, which holds secrets.</summary>
    private static ImportRow.Unreadable Unreadable(int line, Exception exception)
        => new(line, exception is XmlException ? "it is no well-formed XML, or has a document type" : exception.Message);

    /// <summary>Takes in the element that the reader stands on, up to its end; null when it is too large, and then it is passed by.</summary>
    private static PskcElement? Whole(XmlReader reader)
    {
        var root = ElementAt(reader);
        if (reader.IsEmptyElement) return root;
        var (open, depth) = (new Stack<PskcElement>([root]), reader.Depth);
        var (elements, characters) = (1, 0);
        var chunk = new char[1_024];
        while (Advance(reader) && reader.Depth > depth)
        {
            var fits = elements <= MostElements && characters <= MostCharacters;
            switch (reader.NodeType)
            {
                case XmlNodeType.Element when fits:
                    elements++;
                    var child = ElementAt(reader);
                    open.Peek().Add(child);
                    if (!reader.IsEmptyElement) open.Push(child);
                    break;
                case XmlNodeType.EndElement when fits:
                    open.Pop();
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace:
                    for (int count; (count = reader.ReadValueChunk(chunk, 0, chunk.Length)) > 0;)
                        if ((characters += Math.Min(count, MostCharacters)) <= MostCharacters) open.Peek().Append(chunk.AsSpan(0, count));
                        else characters = MostCharacters + 1;
                    break;
            }
        }
        Array.Clear(chunk);
        return elements <= MostElements && characters <= MostCharacters ? root : null;
    }

    private static bool Advance(XmlReader reader)
        => reader.Read() && (reader.Depth <= Deepest ? true : throw new InvalidDataException($"its elements are nested deeper than {Deepest}"));

    private static PskcElement ElementAt(XmlReader reader)
    {
        var element = new PskcElement(reader.LocalName);
        for (var more = reader.MoveToFirstAttribute(); more; more = reader.MoveToNextAttribute()) element.Add(reader.LocalName, reader.Value);
        reader.MoveToElement();
        return element;
    }

    private static int LineOf(XmlReader reader) => reader is IXmlLineInfo lines && lines.HasLineInfo() ? Math.Max(lines.LineNumber, 1) : 1;

    private static ImportRow ToRow(int line, PskcElement package, PskcEncryption encryption)
    {
        var (device, key) = (package["DeviceInfo"], package["Key"]);
        var keyId = key.Attribute("Id") ?? "";
        var serial = device["SerialNo"].Text is { Length: > 0 } number ? number : keyId;
        if (!TokenSeed.IsName(serial)) return new ImportRow.Refused(line, null, serial.Length == 0 ? "it has neither a serial number nor a key id" : "its serial number is malformed");
        if (keyId.Length > 0 && !TokenSeed.IsName(keyId)) return new ImportRow.Refused(line, serial, "its key id is malformed");
        try
        {
            var oath = ToToken(key, device["Manufacturer"].Text, encryption);
            var secret = encryption.Read(key["Data", "Secret"], "the secret");
            return secret.Length is 0 or > TokenSeed.MaxSecret
                ? new ImportRow.Refused(line, serial, $"the secret has {secret.Length} bytes, allowed are 1 to {TokenSeed.MaxSecret}")
                : new ImportRow.Read(line, new TokenSeed { Kind = TokenKind.Oath, Serial = serial, KeyId = keyId, Oath = oath, Secret = secret });
        }
        catch (PskcFaultException fault)
        {
            return new ImportRow.Refused(line, serial, fault.Message);
        }
    }

    /// <summary>How the key computes (RFC 6030 §4.3.4, §10).</summary>
    private static OathToken ToToken(PskcElement key, string manufacturer, PskcEncryption encryption)
    {
        if (!key.Exists) throw new PskcFaultException("it has no key");
        var isTimeBased = key.Attribute("Algorithm") switch
        {
            // The last two are those of the drafts, which some vendors kept to.
            "urn:ietf:params:xml:ns:keyprov:pskc:hotp" or "urn:ietf:params:xml:ns:keyprov:pskc#hotp" => false,
            "urn:ietf:params:xml:ns:keyprov:pskc:totp" or "urn:ietf:params:xml:ns:keyprov:pskc#totp" => true,
            _ => throw new PskcFaultException("its algorithm is not supported: allowed are HOTP and TOTP"),
        };
        CheckPolicy(key["Policy"]);
        var (parameters, data) = (key["AlgorithmParameters"], key["Data"]);
        var format = parameters["ResponseFormat"];
        if (format.Attribute("Encoding") is not (null or "DECIMAL")) throw new PskcFaultException("its passcodes are no decimal digits, which is not supported");
        if (format.Attribute("CheckDigits") is "true" or "1") throw new PskcFaultException("its passcodes have a check digit, which is not supported");
        var digits = format.Attribute("Length") is { } length ? (int)PskcElement.ToNumber(length, "the length of its passcodes", OtpGenerator.MinDigits, OtpGenerator.MaxDigits) : OtpGenerator.MinDigits;
        return new OathToken(digits, isTimeBased ? (int)Number("TimeInterval", 10, 300, 30) : 0, AlgorithmOf(parameters["Suite"].Text),
            isTimeBased ? 0 : Number("Counter", 0, long.MaxValue / 2, 0), isTimeBased ? (int)Number("TimeDrift", -1_000, 1_000, 0) : 0, manufacturer.Length is > 0 and <= 200 ? manufacturer : null);

        long Number(string name, long least, long most, long whenAbsent)
        {
            var value = data[name];
            if (!value.Exists) return whenAbsent;
            if (value["PlainValue"].Exists) return value["PlainValue"].Number(name, least, most);
            // Encrypted, a number is its bytes, the highest first.
            var number = encryption.Read(value, name).Aggregate(0L, (sum, next) => sum > long.MaxValue >> 8 ? long.MaxValue : sum << 8 | next);
            return number >= least && number <= most ? number : throw new PskcFaultException($"{name} is no number from {least} to {most}");
        }
    }

    /// <summary>What a key may be used for (RFC 6030 §5): what is not permitted is not done.</summary>
    private static void CheckPolicy(PskcElement policy)
    {
        var usages = policy.Children.Where(child => child.Name == "KeyUsage").Select(child => child.Text).ToList();
        if (usages.Count > 0 && !usages.Contains("OTP", StringComparer.Ordinal)) throw new PskcFaultException("its policy does not permit passcodes");
        if (policy["PINPolicy"].Attribute("PINUsageMode") is not (null or "Local")) throw new PskcFaultException("its passcodes are made with a PIN, which is not supported");
    }

    private static OtpAlgorithm AlgorithmOf(string suite)
        => suite.ToUpperInvariant().Replace("-", "", StringComparison.Ordinal).Replace("HMAC", "", StringComparison.Ordinal) switch
        {
            "" or "SHA1" => OtpAlgorithm.Sha1,
            "SHA256" => OtpAlgorithm.Sha256,
            "SHA512" => OtpAlgorithm.Sha512,
            _ => throw new PskcFaultException("its hash is not supported: allowed are SHA-1, SHA-256, SHA-512"),
        };
}
