using Countersign.Factors;
using Countersign.Server.Errors;
using Countersign.Server.Requests;

namespace Countersign.Server.Factors;

/// <summary>Reads what a request asks of the message that carries a code: <c>templateId</c>, <c>tokenLifetimeSeconds</c> and <c>Accept-Language</c> (contract 8.4, 8.7).</summary>
internal static class MessageQuery
{
    /// <summary>The error of what could not be read.</summary>
    public static readonly ApiError Error = ApiErrors.TypeMismatch("tokenLifetimeSeconds");

    /// <summary>False when the life is no whole number.</summary>
    public static bool TryRead(HttpContext http, out MessageRequest message)
    {
        message = MessageRequest.Usual;
        var language = http.Request.Headers.AcceptLanguage;
        if (!http.Request.QueryString.HasValue && language.Count == 0) return true;
        if (!Query.TryReadNumber(http, "tokenLifetimeSeconds", out var lifetime)) return false;
        message = new MessageRequest(Query.ReadText(http, "templateId"), lifetime, language.ToString() is { Length: > 0 } accepted ? accepted : null);
        return true;
    }
}
