using Countersign.Server.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Countersign.Server.OpenApi;

/// <summary>The document's bytes: made once, when they are first asked for.</summary>
internal sealed class DescriptionDocument([FromKeyedServices(ApiDescription.Version)] IOpenApiDocumentProvider provider)
{
    private readonly Lazy<Task<IResult>> _answer = new(() => MakeAsync(provider));

    public static Task<IResult> AnswerAsync(DescriptionDocument document) => document._answer.Value;

    /// <summary>The document, UTF-8.</summary>
    public async Task<byte[]> BytesAsync() => ((IJsonAnswer)await _answer.Value).ToBytes();

    private static async Task<IResult> MakeAsync(IOpenApiDocumentProvider provider)
    {
        var document = await provider.GetOpenApiDocumentAsync();
        using var bytes = new MemoryStream();
        await document.SerializeAsJsonAsync(bytes, OpenApiSpecVersion.OpenApi3_1);
        return new ConstantJsonResult(bytes.ToArray());
    }
}
