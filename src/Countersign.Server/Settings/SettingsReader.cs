using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Countersign.Settings;

namespace Countersign.Server.Settings;

/// <summary>
/// Reads settings into plain classes: a property is a key, its initial value the default, its <see cref="SettingAttribute"/> what is allowed. What is wrong is
/// gathered, so that one start tells everything; what nobody reads is known afterwards.
/// </summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    /// <summary>The section that is Countersign's alone: every key in it must be read by somebody.</summary>
    public const string Root = "Countersign";

    private static readonly SettingAttribute Anything = new();
    private readonly HashSet<string> _keys = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _wrong = [];

    /// <summary>Every key that was asked for.</summary>
    public IReadOnlyCollection<string> Keys => _keys;

    /// <summary>Reads one class from its section.</summary>
    public T Read<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(string section) where T : new()
    {
        var settings = new T();
        foreach (var property in typeof(T).GetProperties().Where(property => property.CanWrite))
        {
            var rule = property.GetCustomAttribute<SettingAttribute>() ?? Anything;
            var node = configuration.GetSection(rule.Key ?? $"{section}:{property.Name}");
            _keys.Add(node.Path);
            if (Read(node, property.PropertyType, rule, property.GetValue(settings)) is { } value) property.SetValue(settings, value);
        }
        return settings;
    }

    /// <summary>The names of the sections in a section that holds one for each of several things.</summary>
    public IReadOnlyList<string> Names(string section) => [.. configuration.GetSection(section).GetChildren().Select(child => child.Key)];

    /// <summary>Notes something wrong that only several settings together tell.</summary>
    public void Fault(string message) => _wrong.Add(message);

    /// <summary>Fails with everything that was found wrong.</summary>
    /// <exception cref="SettingsException">Something was.</exception>
    public void ThrowIfWrong()
    {
        if (_wrong.Count > 0) throw new SettingsException(string.Join(Environment.NewLine, _wrong));
    }

    /// <summary>The keys of Countersign's section that nobody reads: misspelled, most likely.</summary>
    public IEnumerable<string> Unread() => configuration.GetSection(Root).AsEnumerable()
        .Where(pair => pair.Value is not null && !IsRead(pair.Key)).Select(pair => pair.Key).Order(StringComparer.Ordinal);

    private bool IsRead(string key)
    {
        for (var end = key.Length; end > 0; end = key.LastIndexOf(':', end - 1))
            if (_keys.Contains(key[..end])) return true;
        return false;
    }

    private object? Read(IConfigurationSection node, Type type, SettingAttribute rule, object? before)
    {
        if (before is Dictionary<string, int> map)
        {
            foreach (var entry in node.GetChildren())
                if (Value(entry, typeof(int), rule) is int number) map[entry.Key] = number;
            return null;
        }
        if (type == typeof(string[])) return List<string>(node, rule);
        if (type == typeof(System.Net.IPNetwork[])) return List<System.Net.IPNetwork>(node, rule);
        return Value(node, type, rule);
    }

    private T[]? List<T>(IConfigurationSection node, SettingAttribute rule)
    {
        if (!string.IsNullOrEmpty(node.Value)) _wrong.Add($"{node.Path}: found '{node.Value}', allowed is a list: {node.Path}:0, {node.Path}:1 and so on");
        var values = node.GetChildren().Select(item => Value(item, typeof(T), rule)).OfType<T>().ToArray();
        return values.Length > 0 ? values : null;
    }

    private object? Value(IConfigurationSection node, Type type, SettingAttribute rule)
    {
        if (string.IsNullOrEmpty(node.Value)) return null;
        if (SettingValue.Parse(node.Value, type, rule, out var allowed) is { } value) return value;
        _wrong.Add($"{node.Path}: found {(rule.IsSecret ? $"{node.Value.Length} characters" : $"'{node.Value}'")}, {allowed}");
        return null;
    }
}
