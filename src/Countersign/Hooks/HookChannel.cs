namespace Countersign.Hooks;

/// <summary>How the endpoint of a hook is called: inline hooks and event hooks alike (contract 15.1, 15.3). Holds opened secrets: made for a call, kept nowhere.</summary>
public sealed record HookChannel
{
    /// <summary>The endpoint.</summary>
    public required Uri Uri { get; init; }
    /// <summary>Further headers of every call.</summary>
    public IReadOnlyList<HookHeader> Headers { get; init; } = [];
    /// <summary>The header by which the endpoint knows us (<c>authScheme</c>); null for none.</summary>
    public HookHeader? Authentication { get; init; }

    /// <summary>The endpoint alone.</summary>
    public override string ToString() => Uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}

/// <summary>A registered hook, as far as it takes to call it.</summary>
/// <param name="Id">The hook's id; it is named in what is sent.</param>
/// <param name="Channel">How it is called.</param>
public sealed record HookEndpoint(string Id, HookChannel Channel);
