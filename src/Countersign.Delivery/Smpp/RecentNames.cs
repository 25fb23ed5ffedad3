namespace Countersign.Delivery.Smpp;

/// <summary>The last so many names, with the time of each. Safe for many threads.</summary>
internal sealed class RecentNames(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _times = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>Remembers a name and forgets the oldest when there are too many.</summary>
    public void Add(string name, long time)
    {
        lock (_gate)
        {
            if (!_times.TryAdd(name, time)) return;
            _order.Enqueue(name);
            if (_order.Count > capacity) _times.Remove(_order.Dequeue());
        }
    }

    /// <summary>When a name was added; null when it is not remembered.</summary>
    public long? Find(string name)
    {
        lock (_gate) return _times.TryGetValue(name, out var time) ? time : null;
    }
}
