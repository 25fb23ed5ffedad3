using Countersign.Console.Api;

namespace Countersign.Console.Templates;

/// <summary>What can be asked of <c>/api/v1/templates/sms</c>.</summary>
internal static class SmsTemplateOperations
{
    private const string Templates = "/api/v1/templates/sms";

    extension(ApiClient api)
    {
        /// <summary>Reads all templates, the default one first.</summary>
        public Task<SmsTemplate[]> ListSmsTemplatesAsync(CancellationToken cancellationToken)
            => api.GetAsync<SmsTemplate[]>(Templates, cancellationToken);

        /// <summary>Makes a template.</summary>
        public Task CreateSmsTemplateAsync(SmsTemplateText template, CancellationToken cancellationToken)
            => api.PostAsync(Templates, template, cancellationToken);

        /// <summary>Replaces a template, its translations too.</summary>
        public Task ReplaceSmsTemplateAsync(string id, SmsTemplateText template, CancellationToken cancellationToken)
            => api.PutAsync(Path(id), template, cancellationToken);

        /// <summary>Deletes a template.</summary>
        public Task DeleteSmsTemplateAsync(string id, CancellationToken cancellationToken)
            => api.DeleteAsync(Path(id), cancellationToken);
    }

    private static string Path(string id) => $"{Templates}/{Uri.EscapeDataString(id)}";
}
