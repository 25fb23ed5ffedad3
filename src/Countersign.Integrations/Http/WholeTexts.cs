using System.Text.Json;

namespace Countersign.Integrations.Http;

/// <summary>Tells JSON whose texts can be read from JSON that has half a surrogate pair somewhere, which is allowed there and is no text.</summary>
public static class WholeTexts
{
    /// <summary>Whether every text and name of a member can be read.</summary>
    public static bool Are(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.Object => value.EnumerateObject().All(member => member.Name.Length >= 0 && Are(member.Value)),
                JsonValueKind.Array => value.EnumerateArray().All(Are),
                JsonValueKind.String => value.GetString() is not null,
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
