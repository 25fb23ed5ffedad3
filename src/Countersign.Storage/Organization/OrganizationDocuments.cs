using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Countersign.Hooks;
using Countersign.Organization;
using Countersign.Templates;

namespace Countersign.Storage.Organization;

/// <summary>The organisation's settings as rows: one JSON document for each thing, its key made of the kind of thing and its id.</summary>
internal static class OrganizationDocuments
{
    /// <summary>The key of the row that changes take turns by; it says nothing, and is there from the beginning.</summary>
    public const string TurnKey = "turn";

    private const string Factor = "factor/", HotpProfile = "hotp/", SmsTemplate = "smsTemplate/", InlineHooks = "inlineHook/", EventHooks = "eventHook/", Secret = "secret/";

    /// <summary>The key of the row of a secret that all nodes share: sealed bytes, which are none of the settings.</summary>
    public static string SecretKey(string name) => Secret + name;

    /// <summary>Whether a row holds such a secret.</summary>
    public static bool IsSecret(string key) => key.StartsWith(Secret, StringComparison.Ordinal);

    /// <summary>The settings in these rows.</summary>
    public static OrganizationSettings Read(string name, IEnumerable<(string Key, byte[] Document)> rows)
    {
        var documents = rows.ToList();
        return new OrganizationSettings
        {
            Name = name,
            InactiveFactors = documents.Where(row => row.Key.StartsWith(Factor, StringComparison.Ordinal)).Aggregate(OrgFactors.FirstInactive, (inactive, row)
                => JsonSerializer.Deserialize(row.Document, OrganizationJson.Default.Boolean) ? inactive.Remove(row.Key[Factor.Length..]) : inactive.Add(row.Key[Factor.Length..])),
            HotpProfiles = All(HotpProfile, OrganizationJson.Default.HotpProfile).ToImmutableDictionary(),
            SmsTemplates = All(SmsTemplate, OrganizationJson.Default.SmsTemplate).ToImmutableSortedDictionary(StringComparer.Ordinal),
            InlineHooks = All(InlineHooks, OrganizationJson.Default.InlineHook).ToImmutableSortedDictionary(StringComparer.Ordinal),
            EventHooks = All(EventHooks, OrganizationJson.Default.EventHook).ToImmutableSortedDictionary(StringComparer.Ordinal),
        };

        IEnumerable<KeyValuePair<string, T>> All<T>(string prefix, JsonTypeInfo<T> type) => documents
            .Where(row => row.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(row => KeyValuePair.Create(row.Key[prefix.Length..], JsonSerializer.Deserialize(row.Document, type)!));
    }

    /// <summary>The hook in a row; null for a row that holds something else.</summary>
    public static Hook? ReadHook(string key, ReadOnlySpan<byte> document)
        => key.StartsWith(InlineHooks, StringComparison.Ordinal) ? JsonSerializer.Deserialize(document, OrganizationJson.Default.InlineHook)
            : key.StartsWith(EventHooks, StringComparison.Ordinal) ? JsonSerializer.Deserialize(document, OrganizationJson.Default.EventHook) : null;

    /// <summary>A hook as its row.</summary>
    public static byte[] WriteHook(Hook hook) => hook switch
    {
        InlineHook inline => JsonSerializer.SerializeToUtf8Bytes(inline, OrganizationJson.Default.InlineHook),
        EventHook events => JsonSerializer.SerializeToUtf8Bytes(events, OrganizationJson.Default.EventHook),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The rows that a change writes; null removes one.</summary>
    public static IEnumerable<(string Key, byte[]? Document)> Changes(OrganizationSettings before, OrganizationSettings after) =>
    [
        .. before.InactiveFactors.SymmetricExcept(after.InactiveFactors)
            .Select(factor => (Factor + factor, (byte[]?)JsonSerializer.SerializeToUtf8Bytes(after.Allows(factor), OrganizationJson.Default.Boolean))),
        .. Changes(HotpProfile, before.HotpProfiles, after.HotpProfiles, OrganizationJson.Default.HotpProfile),
        .. Changes(SmsTemplate, before.SmsTemplates, after.SmsTemplates, OrganizationJson.Default.SmsTemplate),
        .. Changes(InlineHooks, before.InlineHooks, after.InlineHooks, OrganizationJson.Default.InlineHook),
        .. Changes(EventHooks, before.EventHooks, after.EventHooks, OrganizationJson.Default.EventHook),
    ];

    private static IEnumerable<(string, byte[]?)> Changes<T>(string prefix, IReadOnlyDictionary<string, T> before, IReadOnlyDictionary<string, T> after, JsonTypeInfo<T> type)
        where T : class =>
    [
        .. after.Where(one => !ReferenceEquals(before.GetValueOrDefault(one.Key), one.Value)).Select(one => (prefix + one.Key, (byte[]?)JsonSerializer.SerializeToUtf8Bytes(one.Value, type))),
        .. before.Keys.Where(key => !after.ContainsKey(key)).Select(key => (prefix + key, (byte[]?)null)),
    ];
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(HotpProfile))]
[JsonSerializable(typeof(SmsTemplate))]
[JsonSerializable(typeof(InlineHook))]
[JsonSerializable(typeof(EventHook))]
internal sealed partial class OrganizationJson : JsonSerializerContext;
