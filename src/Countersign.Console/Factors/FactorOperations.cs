using Countersign.Console.Api;

namespace Countersign.Console.Factors;

/// <summary>What can be asked of <c>/api/v1/users/{userId}/factors</c>.</summary>
internal static class FactorOperations
{
    extension(ApiClient api)
    {
        /// <summary>Reads the user's factors, pending ones too.</summary>
        public Task<Factor[]> ListFactorsAsync(string userId, CancellationToken cancellationToken)
            => api.GetAsync<Factor[]>(Path(userId), cancellationToken);

        /// <summary>Reads which factors the user may enroll.</summary>
        public Task<Factor[]> ListCatalogAsync(string userId, CancellationToken cancellationToken)
            => api.GetAsync<Factor[]>($"{Path(userId)}/catalog", cancellationToken);

        /// <summary>Reads the questions to choose from.</summary>
        public Task<SecurityQuestion[]> ListQuestionsAsync(string userId, CancellationToken cancellationToken)
            => api.GetAsync<SecurityQuestion[]>($"{Path(userId)}/questions", cancellationToken);

        /// <summary>Enrolls a factor.</summary>
        /// <param name="userId">Whose it becomes.</param>
        /// <param name="enrollment">What it is.</param>
        /// <param name="activate">Makes it active at once, for the types that allow it.</param>
        /// <param name="updatePhone">Replaces the user's known phone number.</param>
        /// <param name="cancellationToken">Gives up.</param>
        public Task<Factor> EnrollAsync(string userId, FactorEnrollment enrollment, bool activate, bool updatePhone, CancellationToken cancellationToken)
            => api.PostAsync<FactorEnrollment, Factor>(Path(userId).WithQuery(("activate", activate ? "true" : null), ("updatePhone", updatePhone ? "true" : null)), enrollment, cancellationToken);

        /// <summary>Activates a pending factor.</summary>
        public Task<Factor> ActivateAsync(string userId, string factorId, FactorProof proof, CancellationToken cancellationToken)
            => api.PostAsync<FactorProof, Factor>($"{Path(userId)}/{factorId}/lifecycle/activate", proof, cancellationToken);

        /// <summary>Sends a pending factor's code again: a new one.</summary>
        public Task ResendAsync(string userId, string factorId, CancellationToken cancellationToken)
            => api.PostAsync($"{Path(userId)}/{factorId}/resend", cancellationToken);

        /// <summary>Sends an active factor's owner a code to verify with.</summary>
        public Task ChallengeAsync(string userId, string factorId, CancellationToken cancellationToken)
            => api.PostAsync($"{Path(userId)}/{factorId}/verify", cancellationToken);

        /// <summary>Verifies an active factor; a wrong proof is an error of the API, never a result.</summary>
        public Task<FactorVerification> VerifyAsync(string userId, string factorId, FactorProof proof, CancellationToken cancellationToken)
            => api.PostAsync<FactorProof, FactorVerification>($"{Path(userId)}/{factorId}/verify", proof, cancellationToken);

        /// <summary>Unenrolls a factor, whatever its status.</summary>
        public Task UnenrollAsync(string userId, string factorId, CancellationToken cancellationToken)
            => api.DeleteAsync($"{Path(userId)}/{factorId}", cancellationToken);
    }

    private static string Path(string userId) => $"/api/v1/users/{Uri.EscapeDataString(userId)}/factors";
}
