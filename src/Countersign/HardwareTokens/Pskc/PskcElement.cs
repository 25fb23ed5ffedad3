using System.Globalization;
using System.Text;

namespace Countersign.HardwareTokens.Pskc;

/// <summary>A piece of a PSKC file, small enough to be kept whole. Names are without their namespaces: those of RFC 6030, XML Encryption and PKCS #5 do not meet.</summary>
internal sealed class PskcElement(string name)
{
    private static readonly PskcElement Nothing = new("");

    private readonly List<PskcElement> _children = [];
    private readonly Dictionary<string, string> _attributes = new(StringComparer.Ordinal);
    private readonly StringBuilder _text = new();

    public string Name { get; } = name;

    /// <summary>Whether it is there.</summary>
    public bool Exists => !ReferenceEquals(this, Nothing);

    /// <summary>The text directly in it, blanks around it taken off.</summary>
    public string Text => _text.ToString().Trim();

    public IReadOnlyList<PskcElement> Children => _children;

    /// <summary>The first element at the end of a path; one that is not there when there is none.</summary>
    public PskcElement this[params ReadOnlySpan<string> path]
    {
        get
        {
            var at = this;
            foreach (var step in path) at = at._children.Find(child => child.Name == step) ?? Nothing;
            return at;
        }
    }

    /// <summary>An attribute's value; null when it is absent.</summary>
    public string? Attribute(string name) => _attributes.GetValueOrDefault(name);

    public void Add(PskcElement child) => _children.Add(child);

    public void Add(string attribute, string value) => _attributes[attribute] = value;

    public void Append(ReadOnlySpan<char> text) => _text.Append(text);

    /// <summary>Its text as bytes.</summary>
    /// <exception cref="PskcFaultException">It is no base64, or none or too long.</exception>
    public byte[] Bytes(string what, int longest)
    {
        var text = string.Concat(Text.Where(character => !char.IsWhiteSpace(character)));
        var buffer = new byte[text.Length];
        if (!Exists || text.Length == 0) throw new PskcFaultException($"{what} is missing");
        if (!Convert.TryFromBase64String(text, buffer, out var length)) throw new PskcFaultException($"{what} is no base64");
        return length <= longest ? buffer[..length] : throw new PskcFaultException($"{what} is longer than {longest} bytes");
    }

    /// <summary>Its text as a number.</summary>
    /// <exception cref="PskcFaultException">It is none from <paramref name="least"/> to <paramref name="most"/>.</exception>
    public long Number(string what, long least, long most) => ToNumber(Text, what, least, most);

    /// <summary>A text as a number.</summary>
    /// <exception cref="PskcFaultException">It is none from <paramref name="least"/> to <paramref name="most"/>.</exception>
    public static long ToNumber(string text, string what, long least, long most)
        => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
            : throw new PskcFaultException($"{what} is no number from {least} to {most}");
}
