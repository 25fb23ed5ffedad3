using System.Text.Json.Serialization;
using Countersign.Server.Authenticator;
using Countersign.Server.Catalog;
using Countersign.Server.Factors;
using Countersign.Server.Factors.Duo;
using Countersign.Server.HardwareTokens;
using Countersign.Server.Hooks;
using Countersign.Server.HttpTasks;
using Countersign.Server.Organization;
using Countersign.Server.Runners;
using Countersign.Server.Secrets;
using Countersign.Server.Templates;
using Countersign.Server.TestRequests;
using Countersign.Server.Tokens;
using Countersign.Server.Users;

namespace Countersign.Server.Json;

/// <summary>The request bodies of the API: strict about types, indifferent to unknown properties (contract 1.1).</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowDuplicateProperties = false, MaxDepth = 32)]
[JsonSerializable(typeof(EnrollFactorRequest))]
[JsonSerializable(typeof(VerifyFactorRequest))]
[JsonSerializable(typeof(DuoAnswerRequest))]
[JsonSerializable(typeof(ActivationRequest))]
[JsonSerializable(typeof(RegisterDeviceRequest))]
[JsonSerializable(typeof(AnswerRequest))]
[JsonSerializable(typeof(DescribeDeviceRequest))]
[JsonSerializable(typeof(SubscriptionRequest))]
[JsonSerializable(typeof(DeviceEventsRequest))]
[JsonSerializable(typeof(HotpProfileRequest))]
[JsonSerializable(typeof(YubiKeySeedRequest))]
[JsonSerializable(typeof(SmsTemplateRequest))]
[JsonSerializable(typeof(InlineHookRequest))]
[JsonSerializable(typeof(EventHookRequest))]
[JsonSerializable(typeof(ExecuteInlineHookRequest))]
[JsonSerializable(typeof(UserRequest))]
[JsonSerializable(typeof(ChangePasswordRequest))]
[JsonSerializable(typeof(CredentialsBody))]
[JsonSerializable(typeof(CreateTokenRequest))]
[JsonSerializable(typeof(CatalogImportRequest))]
[JsonSerializable(typeof(EnvironmentRequest))]
[JsonSerializable(typeof(ExportHttpTaskRequest))]
[JsonSerializable(typeof(FromCurlRequest))]
[JsonSerializable(typeof(PrepareHttpTaskRequest))]
[JsonSerializable(typeof(PublishRequest))]
[JsonSerializable(typeof(PutSecretRequest))]
[JsonSerializable(typeof(SendTestRequest))]
internal sealed partial class ApiJson : JsonSerializerContext;
