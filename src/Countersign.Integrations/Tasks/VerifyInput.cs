using System.Globalization;
using System.Text.Json;
using Countersign.Factors;

namespace Countersign.Integrations.Tasks;

/// <summary>The input of a <c>COUNTERSIGN_VERIFY</c> task (workflow contract 19).</summary>
public sealed record VerifyInput
{
    /// <summary>The longest time that an answer is waited for: 30 days.</summary>
    public const int LongestTimeout = 30 * 24 * 60 * 60;
    /// <summary>The most wrong answers that a task may allow.</summary>
    public const int MostAttempts = 100;

    private const int LongestText = 2_000;

    /// <summary>The user's id or login.</summary>
    public required string UserId { get; init; }
    /// <summary>The factor's id, or the type of the only active factor of that type.</summary>
    public required string Factor { get; init; }
    /// <summary>What the task was given to answer with; without any, it challenges.</summary>
    public required VerifyRequest Request { get; init; }
    /// <summary>How long an answer is waited for.</summary>
    public required TimeSpan Timeout { get; init; }
    /// <summary>How many wrong answers end it.</summary>
    public required int MaxAttempts { get; init; }

    /// <summary>Reads the input; null with one sentence that names the member that is wrong.</summary>
    public static VerifyInput? TryRead(JsonElement input, out string? fault)
    {
        fault = null;
        var user = TryText(input, "userId", ref fault);
        if (user is null) fault ??= "userId is missing: the id or login of the user.";
        var factor = TryText(input, "factorId", ref fault) ?? TryText(input, "factorType", ref fault);
        if (factor is null) fault ??= "factorId and factorType are missing: one of them says which factor.";
        var timeout = TryNumber(input, "timeoutSeconds", 1, LongestTimeout, ref fault) ?? 300;
        var attempts = TryNumber(input, "maxAttempts", 1, MostAttempts, ref fault) ?? 3;
        var message = new MessageRequest(
            TryText(input, "templateId", ref fault), TryNumber(input, "tokenLifetimeSeconds", 1, 86_400, ref fault), TryText(input, "acceptLanguage", ref fault));
        var request = AnswerIn(input, ref fault) with { Message = message, UseNumberMatchingChallenge = TryFlag(input, "useNumberMatchingChallenge", ref fault) };
        return fault is not null ? null : new VerifyInput
        {
            UserId = user!,
            Factor = factor!,
            Request = request,
            Timeout = TimeSpan.FromSeconds(timeout),
            MaxAttempts = attempts,
        };
    }

    /// <summary>Reads an answer that is given while the task waits.</summary>
    public static VerifyRequest? TryReadAnswer(JsonElement answer, out string? fault)
    {
        fault = null;
        var read = AnswerIn(answer, ref fault);
        return fault is null ? read : null;
    }

    private static VerifyRequest AnswerIn(JsonElement from, ref string? fault) => new()
    {
        PassCode = TryText(from, "passCode", ref fault),
        NextPassCode = TryText(from, "nextPassCode", ref fault),
        Answer = TryText(from, "answer", ref fault),
        ClientData = TryText(from, "clientData", ref fault),
        AuthenticatorData = TryText(from, "authenticatorData", ref fault),
        SignatureData = TryText(from, "signatureData", ref fault),
    };

    /// <summary>A text; a whole number counts as its digits, since expressions keep the type of what they read. Empty is as if it were absent.</summary>
    private static string? TryText(JsonElement from, string name, ref string? fault)
    {
        if (from.ValueKind != JsonValueKind.Object || !from.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null) return null;
        var text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number when value.TryGetInt64(out var number) && number >= 0 => number.ToString(CultureInfo.InvariantCulture),
            _ => null,
        };
        if (text is null || text.Length > LongestText) fault ??= $"{name} must be text of at most {LongestText} characters.";
        return text is { Length: > 0 } ? text : null;
    }

    private static int? TryNumber(JsonElement from, string name, int least, int most, ref string? fault)
    {
        if (TryText(from, name, ref fault) is not { } text) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        fault ??= $"{name} must be a whole number from {least} to {most}.";
        return null;
    }

    private static bool TryFlag(JsonElement from, string name, ref string? fault)
    {
        if (from.ValueKind != JsonValueKind.Object || !from.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null or JsonValueKind.False) return false;
        if (value.ValueKind == JsonValueKind.True) return true;
        if (value.ValueKind == JsonValueKind.String && bool.TryParse(value.GetString(), out var flag)) return flag;
        fault ??= $"{name} must be true or false.";
        return false;
    }
}
