using System.Text.Json.Nodes;

namespace Countersign.Factors;

/// <summary>Reads what clients send in a factor's <c>profile</c>.</summary>
internal static class Profiles
{
    /// <summary>
    /// A property's text, null when it is absent or null. False when it is something else than text, or its length is out of bounds.
    /// </summary>
    public static bool TryReadText(this JsonObject? profile, string property, int minLength, int maxLength, out string? text)
    {
        text = null;
        if (profile?[property] is not { } sent) return true;
        return sent is JsonValue value && value.TryGetValue(out text) && text.Length >= minLength && text.Length <= maxLength;
    }
}
