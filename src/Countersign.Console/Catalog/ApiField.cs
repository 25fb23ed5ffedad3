using System.Text.Json;

namespace Countersign.Console.Catalog;

/// <summary>A parameter, a header or a field of a body.</summary>
public sealed record ApiField
{
    /// <summary>Its name.</summary>
    public string Name { get; set; } = "";

    /// <summary><c>String</c>, <c>Integer</c>, <c>Number</c>, <c>Boolean</c>, <c>Array of X</c>, <c>Object</c> or <c>Any</c>.</summary>
    public string Type { get; set; } = "";

    /// <summary>Whether it must be there.</summary>
    public bool Required { get; set; }

    /// <summary>What it means, as HTML that the server has made safe.</summary>
    public string? DescriptionHtml { get; set; }

    /// <summary>What counts when it is absent.</summary>
    public JsonElement? Default { get; set; }

    /// <summary>The only values allowed; empty for any.</summary>
    public JsonElement[] Enum { get; set; } = [];

    /// <summary>As <c>date-time</c>.</summary>
    public string? Format { get; set; }

    /// <summary>A value to look at.</summary>
    public JsonElement? Example { get; set; }

    /// <summary>Whether the provider advises against it.</summary>
    public bool Deprecated { get; set; }

    /// <summary>Whether only answers have it.</summary>
    public bool ReadOnly { get; set; }

    /// <summary>Whether only requests have it.</summary>
    public bool WriteOnly { get; set; }

    /// <summary>Whether null is a value of it.</summary>
    public bool Nullable { get; set; }

    /// <summary>Rules, as <c>at most 64 characters</c>.</summary>
    public IReadOnlyList<string> Limits { get; set; } = [];

    /// <summary>The fields within it.</summary>
    public ApiField[] Fields { get; set; } = [];

    /// <summary>What it may be instead of one thing.</summary>
    public FieldChoice[] Choices { get; set; } = [];

    /// <summary>Where to ask for the fields within it, when they are not here.</summary>
    public string? More { get; set; }

    internal bool CanUnfold => Fields.Length > 0 || Choices.Length > 0 || More is not null;
}

/// <summary>One of several things that a field may be.</summary>
public sealed record FieldChoice
{
    /// <summary>What it is called.</summary>
    public string? Title { get; set; }

    /// <summary>Its type.</summary>
    public string Type { get; set; } = "";

    /// <summary>The fields within it.</summary>
    public ApiField[] Fields { get; set; } = [];
}

/// <summary>The fields that a field's <see cref="ApiField.More"/> leads to.</summary>
public sealed record FieldSchema
{
    /// <summary>The fields.</summary>
    public ApiField[] Fields { get; set; } = [];
}
