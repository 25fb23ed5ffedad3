using System.Text.Json.Serialization;
using Countersign.Server.Catalog;
using Countersign.Server.Delivery;
using Countersign.Server.Factors;
using Countersign.Server.HardwareTokens;
using Countersign.Server.Hooks;
using Countersign.Server.HttpTasks;
using Countersign.Server.Organization;
using Countersign.Server.Outbox;
using Countersign.Server.Runners;
using Countersign.Server.Secrets;
using Countersign.Server.SystemLog;
using Countersign.Server.Templates;
using Countersign.Server.TestRequests;
using Countersign.Server.Tokens;
using Countersign.Server.Workflows;

namespace Countersign.Server.OpenApi;

/// <summary>
/// Shapes of answers, for the API's description alone: answers themselves are written without such classes (contract 7, 10). A shape's name ends with
/// <c>Shape</c>, which the description leaves out.
/// </summary>
internal static class Shapes
{
    /// <summary>The name of a type in the description; null for types that are written out in place.</summary>
    public static string? NameOf(Type type)
        => type.Namespace?.StartsWith("Countersign", StringComparison.Ordinal) != true || type.IsArray ? null
            : type.Name.EndsWith("Shape", StringComparison.Ordinal) ? type.Name[..^"Shape".Length] : type.Name;
}

/// <summary>The envelope of every error.</summary>
/// <param name="ErrorCode">The code, for example <c>E0000068</c>: what a program goes by.</param>
/// <param name="ErrorSummary">What happened, for a person.</param>
/// <param name="ErrorLink">The code again.</param>
/// <param name="ErrorId">Unique to this answer, and in the server's log.</param>
/// <param name="ErrorCauses">The particulars; may be empty.</param>
internal sealed record ErrorShape(string ErrorCode, string ErrorSummary, string ErrorLink, string ErrorId, ErrorCauseShape[] ErrorCauses);

/// <summary>One cause of an error.</summary>
/// <param name="ErrorSummary">What is wrong.</param>
internal sealed record ErrorCauseShape(string ErrorSummary);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(byte[]))]
[JsonSerializable(typeof(ErrorShape))]
[JsonSerializable(typeof(FactorShape[]))]
[JsonSerializable(typeof(VerificationShape))]
[JsonSerializable(typeof(VerifyFactorShape))]
[JsonSerializable(typeof(CatalogSearchShape))]
[JsonSerializable(typeof(CatalogFacetsShape))]
[JsonSerializable(typeof(CatalogApiShape[]))]
[JsonSerializable(typeof(CatalogHitShape[]))]
[JsonSerializable(typeof(CatalogOperationShape))]
[JsonSerializable(typeof(CatalogFieldsShape))]
[JsonSerializable(typeof(CatalogHttpTaskShape))]
[JsonSerializable(typeof(CatalogImportShape[]))]
[JsonSerializable(typeof(CatalogFindingShape[]))]
[JsonSerializable(typeof(CatalogFactorShape[]))]
[JsonSerializable(typeof(QuestionShape[]))]
[JsonSerializable(typeof(OrgFactorShape[]))]
[JsonSerializable(typeof(HotpProfileShape[]))]
[JsonSerializable(typeof(YubiKeyTokenShape[]))]
[JsonSerializable(typeof(OathTokenShape[]))]
[JsonSerializable(typeof(InlineHookShape[]))]
[JsonSerializable(typeof(EventHookShape[]))]
[JsonSerializable(typeof(LogEventShape[]))]
[JsonSerializable(typeof(DeliveryShape))]
[JsonSerializable(typeof(DeliveryProviderShape[]))]
[JsonSerializable(typeof(OutboxMessageShape[]))]
[JsonSerializable(typeof(SmsTemplateShape[]))]
[JsonSerializable(typeof(TokenShape[]))]
[JsonSerializable(typeof(AnyShape[]))]
[JsonSerializable(typeof(EnvironmentShape[]))]
[JsonSerializable(typeof(HttpTaskCodeShape))]
[JsonSerializable(typeof(PublishShape))]
[JsonSerializable(typeof(ReadHttpTaskShape))]
[JsonSerializable(typeof(RunnerShape[]))]
[JsonSerializable(typeof(SecretShape[]))]
[JsonSerializable(typeof(TestRequestListingShape[]))]
[JsonSerializable(typeof(TestRequestShape))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class ShapeJson : JsonSerializerContext;
