using System.Buffers;
using System.Text;

namespace Countersign.Integrations.Http;

/// <summary>The head of an answer as it was received, for the spelling of its headers' names.</summary>
internal sealed class ResponseHead
{
    private const int Longest = 128 * 1024;

    private readonly ArrayBufferWriter<byte> _bytes = new(512);
    private readonly Lock _lock = new();
    private bool _isWhole;

    /// <summary>Begins with another answer.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _bytes.ResetWrittenCount();
            _isWhole = false;
        }
    }

    /// <summary>Takes what was read, until the head is whole.</summary>
    public void Read(ReadOnlySpan<byte> bytes)
    {
        if (_isWhole || bytes.IsEmpty) return;
        lock (_lock)
        {
            _bytes.Write(bytes[..Math.Min(bytes.Length, Longest - _bytes.WrittenCount)]);
            while (_bytes.WrittenSpan.IndexOf("\r\n\r\n"u8) is var end and >= 0)
            {
                // Heads of 1xx come before the one that counts.
                if (!_bytes.WrittenSpan.StartsWith("HTTP/1.1 1"u8))
                {
                    _isWhole = true;
                    return;
                }
                var rest = _bytes.WrittenSpan[(end + 4)..].ToArray();
                _bytes.ResetWrittenCount();
                _bytes.Write(rest);
            }
            _isWhole = _bytes.WrittenCount >= Longest;
        }
    }

    /// <summary>The names of headers as they were received, by the names.</summary>
    public IReadOnlyDictionary<string, string> Names()
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        lock (_lock)
        {
            foreach (var line in Encoding.Latin1.GetString(_bytes.WrittenSpan).Split("\r\n").Skip(1))
            {
                if (line.Length == 0) break;
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                if (colon > 0) names.TryAdd(line[..colon], line[..colon]);
            }
        }
        return names;
    }
}
