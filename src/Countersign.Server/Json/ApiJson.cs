using System.Text.Json.Serialization;
using Countersign.Server.Factors;
using Countersign.Server.Organization;

namespace Countersign.Server.Json;

/// <summary>The request bodies of the API: strict about types, indifferent to unknown properties (contract 1.1).</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowDuplicateProperties = false, MaxDepth = 32)]
[JsonSerializable(typeof(EnrollFactorRequest))]
[JsonSerializable(typeof(VerifyFactorRequest))]
[JsonSerializable(typeof(HotpProfileRequest))]
internal sealed partial class ApiJson : JsonSerializerContext;
