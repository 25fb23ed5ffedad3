using Countersign.Console.Api;

namespace Countersign.Console.TestRequests;

/// <summary>What can be asked of <c>/countersign/v1/test-requests</c>.</summary>
internal static class TestRequestOperations
{
    private const string Root = "/countersign/v1/test-requests";
    private const int PageSize = 50;

    /// <summary>Path of the newest of one's own.</summary>
    public static string ListPath { get; } = Root.WithQuery(("limit", PageSize.ToString()));

    extension(ApiClient api)
    {
        /// <summary>Sends a request; answers whatever became of it.</summary>
        public Task<TestRequest> SendTestRequestAsync(NewTestRequest request, CancellationToken cancellationToken)
            => api.PostAsync<NewTestRequest, TestRequest>(Root, request, cancellationToken);

        /// <summary>Cancels a request that runs; takes any other from the history.</summary>
        public Task DeleteTestRequestAsync(string id, CancellationToken cancellationToken) => api.DeleteAsync(Path(id), cancellationToken);

        /// <summary>Reads one page of the history.</summary>
        public Task<Page<PastTestRequest>> ListTestRequestsAsync(string path, CancellationToken cancellationToken) => api.GetPageAsync<PastTestRequest>(path, cancellationToken);

        /// <summary>Reads a request with what was typed.</summary>
        public Task<TestRequest> GetTestRequestAsync(string id, CancellationToken cancellationToken) => api.GetAsync<TestRequest>(Path(id), cancellationToken);

        /// <summary>Reads the whole of an answer's body, as far as it is kept.</summary>
        public Task<byte[]> GetTestBodyAsync(string id, CancellationToken cancellationToken) => api.GetBytesAsync($"{Path(id)}/body", cancellationToken);
    }

    private static string Path(string id) => $"{Root}/{Uri.EscapeDataString(id)}";
}
