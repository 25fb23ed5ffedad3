using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Countersign.Testing.Places;

/// <summary>Writes databases in MaxMind's format, version 2.0 (https://maxmind.github.io/MaxMind-DB/): a binary tree over the bits of addresses, and what it leads to.</summary>
/// <param name="ipVersion">6, where addresses of version 4 are those of ::/96; or 4.</param>
public sealed class MmdbFile(ushort ipVersion = 6)
{
    private const int Separator = 16;
    private readonly Node _root = new();
    private readonly List<byte> _data = [];

    /// <summary>Adds a network's record: texts, numbers, maps (<see cref="Dictionary{TKey, TValue}"/> of text and object) and lists of them; or bytes that are written as they are.</summary>
    public MmdbFile Add(string network, object record)
    {
        var parsed = IPNetwork.Parse(network);
        var bytes = parsed.BaseAddress.GetAddressBytes();
        var length = parsed.PrefixLength;
        if (ipVersion == 6 && parsed.BaseAddress.AddressFamily == AddressFamily.InterNetwork) (bytes, length) = ([.. new byte[12], .. bytes], length + 96);
        var offset = (long)_data.Count;
        if (record is byte[] raw) _data.AddRange(raw);
        else Write(_data, record);
        var node = _root;
        for (var bit = 0; bit < length - 1; bit++)
        {
            ref var next = ref node.Sides[Bit(bytes, bit)];
            node = (Node)(next ??= new Node());
        }
        node.Sides[Bit(bytes, length - 1)] = offset;
        return this;
    }

    /// <summary>A record of a city and its country, as GeoLite2 City has them.</summary>
    public static Dictionary<string, object> City(string? city, string? country)
    {
        var record = new Dictionary<string, object>();
        if (city is not null) record["city"] = Named(city);
        if (country is not null) record["country"] = Named(country);
        record["location"] = new Dictionary<string, object> { ["accuracy_radius"] = (ushort)20, ["time_zone"] = "Europe/Ljubljana" };
        return record;

        static Dictionary<string, object> Named(string name) => new() { ["geoname_id"] = 3_196_359u, ["names"] = new Dictionary<string, object> { ["de"] = $"{name} (de)", ["en"] = name } };
    }

    /// <summary>The file.</summary>
    public byte[] Write()
    {
        var nodes = new List<Node>();
        Number(_root);
        var file = new List<byte>();
        foreach (var node in nodes)
            foreach (var side in node.Sides)
            {
                var value = side switch { Node next => (uint)next.Number, long offset => (uint)(nodes.Count + Separator + offset), _ => (uint)nodes.Count };
                file.AddRange([(byte)(value >> 16), (byte)(value >> 8), (byte)value]);
            }
        file.AddRange(new byte[Separator]);
        file.AddRange(_data);
        file.AddRange([0xab, 0xcd, 0xef, .. "MaxMind.com"u8]);
        Write(file, new Dictionary<string, object>
        {
            ["node_count"] = (uint)nodes.Count,
            ["record_size"] = (ushort)24,
            ["ip_version"] = ipVersion,
            ["database_type"] = "Countersign-Test-City",
            ["languages"] = new List<object> { "de", "en" },
            ["binary_format_major_version"] = (ushort)2,
            ["binary_format_minor_version"] = (ushort)0,
            ["build_epoch"] = 1_772_703_667ul,
            ["description"] = new Dictionary<string, object> { ["en"] = "Places of tests" },
        });
        return [.. file];

        void Number(Node node)
        {
            node.Number = nodes.Count;
            nodes.Add(node);
            foreach (var side in node.Sides)
                if (side is Node next) Number(next);
        }
    }

    private static int Bit(byte[] bytes, int at) => bytes[at / 8] >> (7 - (at % 8)) & 1;

    private static void Write(List<byte> output, object value)
    {
        switch (value)
        {
            case string text:
                var bytes = Encoding.UTF8.GetBytes(text);
                Begin(output, 2, bytes.Length);
                output.AddRange(bytes);
                break;
            case ushort number: Unsigned(output, 5, number); break;
            case uint number: Unsigned(output, 6, number); break;
            case ulong number: Unsigned(output, 9, number); break;
            case List<object> items:
                Begin(output, 11, items.Count);
                foreach (var item in items) Write(output, item);
                break;
            case Dictionary<string, object> members:
                Begin(output, 7, members.Count);
                foreach (var (name, member) in members)
                {
                    Write(output, name);
                    Write(output, member);
                }
                break;
            default: throw new ArgumentException($"a {value.GetType()} is not written", nameof(value));
        }
    }

    private static void Unsigned(List<byte> output, int type, ulong number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        var written = bytes.AsSpan().TrimStart((byte)0);
        Begin(output, type, written.Length);
        output.AddRange(written);
    }

    // The type in three bits, from 8 on in a byte of its own; the size in five, from 29 on with a byte more.
    private static void Begin(List<byte> output, int type, int size)
    {
        if (size >= 29 + 256) throw new ArgumentException($"{size} is more than this writes", nameof(size));
        output.Add((byte)((type < 8 ? type << 5 : 0) | Math.Min(size, 29)));
        if (type >= 8) output.Add((byte)(type - 7));
        if (size >= 29) output.Add((byte)(size - 29));
    }

    private sealed class Node
    {
        public int Number { get; set; }
        public object?[] Sides { get; } = new object?[2];
    }
}
