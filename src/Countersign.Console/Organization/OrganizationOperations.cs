using Countersign.Console.Api;

namespace Countersign.Console.Organization;

/// <summary>What can be asked of <c>/api/v1/org</c>.</summary>
internal static class OrganizationOperations
{
    private const string Factors = "/api/v1/org/factors";
    private const string Profiles = Factors + "/hotp/profiles";

    extension(ApiClient api)
    {
        /// <summary>Reads which kinds of factor there are, and which are on.</summary>
        public Task<OrganizationFactor[]> ListOrganizationFactorsAsync(CancellationToken cancellationToken)
            => api.GetAsync<OrganizationFactor[]>(Factors, cancellationToken);

        /// <summary>Switches a kind of factor on or off.</summary>
        public Task SwitchAsync(OrganizationFactor factor, bool on, CancellationToken cancellationToken)
            => api.PostAsync($"{Factors}/{factor.Id}/lifecycle/{(on ? "activate" : "deactivate")}", cancellationToken);

        /// <summary>Reads the custom TOTP profiles.</summary>
        public Task<TotpProfile[]> ListTotpProfilesAsync(CancellationToken cancellationToken)
            => api.GetAsync<TotpProfile[]>(Profiles, cancellationToken);

        /// <summary>Makes a custom TOTP profile.</summary>
        public Task CreateTotpProfileAsync(TotpProfile profile, CancellationToken cancellationToken)
            => api.PostAsync(Profiles, profile, cancellationToken);

        /// <summary>Replaces a custom TOTP profile; only its name may differ.</summary>
        public Task ReplaceTotpProfileAsync(TotpProfile profile, CancellationToken cancellationToken)
            => api.PutAsync($"{Profiles}/{profile.Id}", profile, cancellationToken);
    }
}
