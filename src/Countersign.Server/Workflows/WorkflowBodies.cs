using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Countersign.Integrations.Expressions;
using Countersign.Integrations.Runs;
using Countersign.Integrations.Workflows;

namespace Countersign.Server.Workflows;

/// <summary>Reads bodies of the workflow API.</summary>
internal static class WorkflowBodies
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = JsonBuilder.DeepestNesting, AllowDuplicateProperties = false };

    extension(HttpContext http)
    {
        /// <summary>The body as JSON, or the error; an empty body is undefined.</summary>
        public async ValueTask<(JsonElement Body, IResult? Error)> ReadJsonAsync()
        {
            var (bytes, error) = await http.ReadBodyAsync();
            if (error is not null || bytes.Length == 0) return (default, error);
            try
            {
                JsonBuilder.RequireWholeCharacters(bytes);
                return (JsonElement.Parse(bytes, Options), null);
            }
            catch (JsonException exception)
            {
                var place = exception.LineNumber is { } line ? $" in line {(line + 1).ToString(CultureInfo.InvariantCulture)}, byte {((exception.BytePositionInLine ?? 0) + 1).ToString(CultureInfo.InvariantCulture)}" : "";
                return (default, WorkflowErrors.Invalid($"The body is no JSON{place}."));
            }
        }

        /// <summary>The body as a JSON object, or the error; an empty body is an empty object.</summary>
        public async ValueTask<(JsonElement Body, IResult? Error)> ReadObjectAsync()
        {
            var (body, error) = await http.ReadJsonAsync();
            if (error is not null) return (default, error);
            if (body.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return (WorkflowExecution.EmptyObject, null);
            return body.ValueKind == JsonValueKind.Object ? (body, null) : (default, WorkflowErrors.Invalid("The body must be an object."));
        }

        /// <summary>The body as a JSON list, or the error.</summary>
        public async ValueTask<(JsonElement Body, IResult? Error)> ReadListAsync(int most)
        {
            var (body, error) = await http.ReadJsonAsync();
            if (error is not null) return (default, error);
            if (body.ValueKind != JsonValueKind.Array) return (default, WorkflowErrors.Invalid("The body must be a list."));
            return body.GetArrayLength() <= most ? (body, null) : (default, WorkflowErrors.Invalid($"The list may have {most.ToString("#,0", CultureInfo.InvariantCulture)} elements at most."));
        }

        /// <summary>The body's texts as a list, or the error.</summary>
        public async ValueTask<(IReadOnlyList<string> Texts, IResult? Error)> ReadTextsAsync(int most)
        {
            var (body, error) = await http.ReadListAsync(most);
            if (error is not null) return ([], error);
            return body.EnumerateArray().All(element => element.ValueKind == JsonValueKind.String)
                ? ([.. body.EnumerateArray().Select(element => element.GetString()!)], null)
                : ([], WorkflowErrors.Invalid("The body must be a list of texts."));
        }

        /// <summary>The body as it was sent, or the error.</summary>
        public async ValueTask<(byte[] Body, IResult? Error)> ReadBodyAsync()
        {
            var most = http.RequestServices.GetRequiredService<WorkflowSettings>().MaxBodyBytes;
            if (http.Request.ContentLength > most) return ([], WorkflowErrors.TooLong(most));
            var pipe = http.Request.BodyReader;
            while (true)
            {
                var read = await pipe.ReadAsync(http.RequestAborted);
                if (read.Buffer.Length > most) return ([], WorkflowErrors.TooLong(most));
                if (!read.IsCompleted)
                {
                    pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                    continue;
                }
                var body = read.Buffer.ToArray();
                pipe.AdvanceTo(read.Buffer.End);
                return (body, null);
            }
        }
    }
}
