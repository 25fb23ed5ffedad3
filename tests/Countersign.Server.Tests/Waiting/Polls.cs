using Countersign.Testing;

namespace Countersign.Server.Tests.Waiting;

/// <summary>Requests that prefer to wait.</summary>
internal static class Polls
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    extension(CountersignApp app)
    {
        /// <summary>Polls a transaction with this preference. The clock stands still, so what is never answered ends the test.</summary>
        public Task<Answer> PollAsync(string path, string prefer = "wait=20", CancellationToken cancellationToken = default)
            => app.SendAsync(HttpMethod.Get, path, prefer, cancellationToken);

        /// <summary>Polls an activation with this preference.</summary>
        public Task<Answer> PollActivationAsync(string path, string prefer = "wait=20") => app.SendAsync(HttpMethod.Post, path, prefer, CancellationToken.None);

        private async Task<Answer> SendAsync(HttpMethod method, string path, string prefer, CancellationToken cancellationToken)
        {
            using var request = new HttpRequestMessage(method, path) { Content = method == HttpMethod.Post ? new StringContent("") : null };
            request.Headers.TryAddWithoutValidation("Prefer", prefer);
            using var response = await app.Client.SendAsync(request, cancellationToken).WaitAsync(Limit, CancellationToken.None);
            return await Answer.ReadAsync(response);
        }
    }
}
