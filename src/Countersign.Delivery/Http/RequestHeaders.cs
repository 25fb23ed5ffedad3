using Countersign.Hooks;

namespace Countersign.Delivery.Http;

/// <summary>Configured headers of requests.</summary>
internal static class RequestHeaders
{
    extension(HttpRequestMessage request)
    {
        /// <summary>Adds a header that was checked when it was configured. One that cannot be sent is left out rather than trusted.</summary>
        public void Add(HookHeader header)
        {
            if (!header.IsSendable) return;
            // The base library keeps the headers that describe a body (Content-Language, Expires …) with the body.
            if (!request.Headers.TryAddWithoutValidation(header.Key, header.Value)) request.Content?.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }
    }
}
