using Countersign.Settings;

namespace Countersign.Delivery.Duo;

/// <summary>The Duo account that the factor <c>web</c> / DUO asks. Section <c>Countersign:Duo</c>.</summary>
public sealed class DuoSettings
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Countersign:Duo";
    /// <summary>The user answers on Duo's page.</summary>
    public const string Prompt = "prompt";
    /// <summary>Duo asks the user itself.</summary>
    public const string Push = "push";
    /// <summary>The path of Countersign's own address that Duo's page leads back to.</summary>
    public const string CallbackPath = "/duo/callback";

    /// <summary>The account's API host (<c>api-0123abcd.duosecurity.com</c>); absent: Duo is not used. 1 to 253 characters.</summary>
    [Setting(1, 253)]
    public string? Host { get; set; }
    /// <summary>Where the host is reached, which is also what it calls itself in tokens. Default: <c>https://</c> and <see cref="Host"/>.</summary>
    public Uri? BaseUrl { get; set; }
    /// <summary>How the user is asked: <c>prompt</c>, on the page of the Universal Prompt; <c>push</c>, by the Auth API, which sends a push. Default <c>prompt</c>.</summary>
    [Setting(Allowed = [Prompt, Push])]
    public string Mode { get; set; } = Prompt;
    /// <summary>The client id of an application of the type Web SDK; for <c>prompt</c>. 1 to 100 characters.</summary>
    [Setting(1, 100)]
    public string? ClientId { get; set; }
    /// <summary>Its client secret. 1 to 200 characters.</summary>
    [Setting(1, 200, IsSecret = true)]
    public string? ClientSecret { get; set; }
    /// <summary>Where Duo's page leads the user back to; for <c>prompt</c>. Default: <c>Countersign:PublicUrl</c> and <c>/duo/callback</c>.</summary>
    public Uri? RedirectUri { get; set; }
    /// <summary>The integration key of an application of the type Auth API; for <c>push</c>. 1 to 100 characters.</summary>
    [Setting(1, 100)]
    public string? IntegrationKey { get; set; }
    /// <summary>Its secret key. 1 to 200 characters.</summary>
    [Setting(1, 200, IsSecret = true)]
    public string? SecretKey { get; set; }
    /// <summary>How long Duo may take for one answer. Default 10 seconds; 0.1 seconds to 1 minute.</summary>
    [Setting(0.1, 60)]
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(10);
    /// <summary>How long a poll waits for news of a push, which Duo holds back until there are any. Default 2 seconds; 0.1 seconds to 1 minute.</summary>
    [Setting(0.1, 60)]
    public TimeSpan PollTimeLimit { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The address that paths are added to, without a slash at the end.</summary>
    public string Origin => BaseUrl?.AbsoluteUri.TrimEnd('/') ?? $"https://{Host}";

    /// <summary>The address that Duo's page leads back to; null when none is known.</summary>
    /// <param name="publicUrl">Countersign's public address; null when it is not configured.</param>
    public Uri? RedirectTo(Uri? publicUrl) => RedirectUri ?? (publicUrl is null ? null : new Uri(publicUrl.AbsoluteUri.TrimEnd('/') + CallbackPath));

    /// <summary>The settings that are missing before Duo can be used, by their names; none when it is not used at all.</summary>
    /// <param name="publicUrl">Countersign's public address; null when it is not configured.</param>
    public IEnumerable<string> Missing(Uri? publicUrl)
    {
        if (Host is null) yield break;
        if (Mode == Push)
        {
            if (IntegrationKey is null) yield return nameof(IntegrationKey);
            if (SecretKey is null) yield return nameof(SecretKey);
            yield break;
        }
        if (ClientId is null) yield return nameof(ClientId);
        if (ClientSecret is null) yield return nameof(ClientSecret);
        if (RedirectTo(publicUrl) is null) yield return nameof(RedirectUri);
    }
}
