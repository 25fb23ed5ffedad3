namespace Countersign.Settings;

/// <summary>What a setting may be. It is checked when the process starts; properties without it may be anything of their type.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute : Attribute
{
    /// <summary>Any value of the property's type.</summary>
    public SettingAttribute()
    {
    }

    /// <summary>A value within bounds, both included: of a number its value, of a duration its seconds, of a text its length; of a list or map, each of its values.</summary>
    public SettingAttribute(double least, double most) => (Least, Most) = (least, most);

    /// <summary>The lower bound.</summary>
    public double Least { get; } = double.NegativeInfinity;
    /// <summary>The upper bound.</summary>
    public double Most { get; } = double.PositiveInfinity;
    /// <summary>The only values that a text may have; empty: any.</summary>
    public string[] Allowed { get; set; } = [];
    /// <summary>The whole key, where it is not the section and the property's name.</summary>
    public string? Key { get; set; }
    /// <summary>Whether the value may not be repeated in messages.</summary>
    public bool IsSecret { get; set; }
}
