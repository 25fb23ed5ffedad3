using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Countersign.Console.About;
using Countersign.Console.Catalog;
using Countersign.Console.Executions;
using Countersign.Console.Factors;
using Countersign.Console.HttpTasks;
using Countersign.Console.Organization;
using Countersign.Console.Outbox;
using Countersign.Console.Secrets;
using Countersign.Console.Templates;
using Countersign.Console.TestRequests;
using Countersign.Console.Tokens;
using Countersign.Console.Users;
using Countersign.Console.Workflows;

namespace Countersign.Console.Api;

/// <summary>Every document that the console reads or writes; generated code, so that trimming removes nothing that is needed.</summary>
/// <remarks>Properties that may be absent are settable, not init-only: generated code gives the latter no chance to keep their default.</remarks>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ApiError))]
[JsonSerializable(typeof(User))]
[JsonSerializable(typeof(User[]))]
[JsonSerializable(typeof(NewUser))]
[JsonSerializable(typeof(ProfileChange))]
[JsonSerializable(typeof(Factor))]
[JsonSerializable(typeof(Factor[]))]
[JsonSerializable(typeof(SecurityQuestion[]))]
[JsonSerializable(typeof(FactorEnrollment))]
[JsonSerializable(typeof(FactorProof))]
[JsonSerializable(typeof(FactorVerification))]
[JsonSerializable(typeof(OrganizationFactor[]))]
[JsonSerializable(typeof(TotpProfile))]
[JsonSerializable(typeof(TotpProfile[]))]
[JsonSerializable(typeof(SmsTemplate[]))]
[JsonSerializable(typeof(SmsTemplateText))]
[JsonSerializable(typeof(OutboxMessage[]))]
[JsonSerializable(typeof(ApiToken))]
[JsonSerializable(typeof(ApiToken[]))]
[JsonSerializable(typeof(NewApiToken))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(JsonElement[]))]
[JsonSerializable(typeof(SystemLog.LogEvent))]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonArray))]
[JsonSerializable(typeof(JsonObject[]))]
[JsonSerializable(typeof(Dictionary<string, WorkflowVersion[]>))]
[JsonSerializable(typeof(BulkOutcome))]
[JsonSerializable(typeof(Execution))]
[JsonSerializable(typeof(ExecutionsFound))]
[JsonSerializable(typeof(StartRequest))]
[JsonSerializable(typeof(TaskLog[]))]
[JsonSerializable(typeof(Runner[]))]
[JsonSerializable(typeof(Publication))]
[JsonSerializable(typeof(PublishRequest))]
[JsonSerializable(typeof(IReadOnlyList<Editing.CodeMarker>))]
[JsonSerializable(typeof(IReadOnlyList<Editing.CodeCompletion>))]
[JsonSerializable(typeof(SearchResults))]
[JsonSerializable(typeof(SearchFacets))]
[JsonSerializable(typeof(CatalogApi))]
[JsonSerializable(typeof(CatalogApi[]))]
[JsonSerializable(typeof(OperationHit[]))]
[JsonSerializable(typeof(Operation))]
[JsonSerializable(typeof(FieldSchema))]
[JsonSerializable(typeof(NewImport))]
[JsonSerializable(typeof(CatalogImport))]
[JsonSerializable(typeof(CatalogImport[]))]
[JsonSerializable(typeof(ImportFinding[]))]
[JsonSerializable(typeof(TaskPreparation))]
[JsonSerializable(typeof(PreparedTask))]
[JsonSerializable(typeof(CurlCommand))]
[JsonSerializable(typeof(ReadRequest))]
[JsonSerializable(typeof(RequestExport))]
[JsonSerializable(typeof(ExportedRequest))]
[JsonSerializable(typeof(NewTestRequest))]
[JsonSerializable(typeof(TestRequest))]
[JsonSerializable(typeof(PastTestRequest[]))]
[JsonSerializable(typeof(Secret[]))]
[JsonSerializable(typeof(SecretValue))]
[JsonSerializable(typeof(VariableSet))]
[JsonSerializable(typeof(VariableSet[]))]
internal sealed partial class ApiJson : JsonSerializerContext;
