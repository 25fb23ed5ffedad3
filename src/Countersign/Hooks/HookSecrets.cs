using System.Text;
using Countersign.Sealing;

namespace Countersign.Hooks;

/// <summary>Seals and opens the secret of a hook: what is sealed for one opens for no other.</summary>
public static class HookSecrets
{
    extension(IVault vault)
    {
        /// <summary>Seals the value of the header that authenticates; visible ASCII, at most <see cref="SealedSecret.MaxLength"/> characters.</summary>
        public SealedSecret Seal(string value, string hookId) => new(vault.Seal(Encoding.UTF8.GetBytes(value), Hook.Owner(hookId)));

        /// <summary>How a hook is called, with its secret opened.</summary>
        public HookEndpoint Open(Hook hook) => new(hook.Id, new HookChannel
        {
            Uri = new Uri(hook.Uri, UriKind.Absolute),
            Headers = hook.Headers,
            Authentication = hook is { AuthHeader: { } name, AuthValue: { } value } ? new HookHeader(name, Open(vault, value, hook.Id)) : null,
        });
    }

    private static string Open(IVault vault, SealedSecret value, string hookId)
    {
        Span<byte> clear = new byte[value.Bytes.Length];
        return Encoding.UTF8.GetString(clear[..vault.Open(value.Bytes.Span, Hook.Owner(hookId), clear)]);
    }
}
