using Countersign.Console.Api;

namespace Countersign.Console.Tokens;

/// <summary>What can be asked of <c>/countersign/v1/tokens</c>.</summary>
internal static class TokenOperations
{
    private const string Tokens = "/countersign/v1/tokens";

    extension(ApiClient api)
    {
        /// <summary>Reads the tokens that have not been revoked.</summary>
        public Task<ApiToken[]> ListTokensAsync(CancellationToken cancellationToken)
            => api.GetAsync<ApiToken[]>(Tokens, cancellationToken);

        /// <summary>Makes a token; the answer alone carries the secret.</summary>
        public Task<ApiToken> CreateTokenAsync(NewApiToken token, CancellationToken cancellationToken)
            => api.PostAsync<NewApiToken, ApiToken>(Tokens, token, cancellationToken);

        /// <summary>Revokes a token at once.</summary>
        public Task RevokeTokenAsync(string id, CancellationToken cancellationToken)
            => api.DeleteAsync($"{Tokens}/{Uri.EscapeDataString(id)}", cancellationToken);
    }
}
