using Countersign.Delivery.Radius;
using Countersign.Delivery.SymantecVip;
using Countersign.Factors.BackEnds;
using Countersign.Settings;

namespace Countersign.Server.Delivery;

/// <summary>Registers the back ends that check the passcodes of tokens.</summary>
internal static class BackEndSetup
{
    public static void AddBackEnds(this IServiceCollection services)
    {
        services.AddSingleton(provider => new MadeBackEnds(provider.GetRequiredService<ConfiguredBackEnds>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(provider => provider.GetRequiredService<MadeBackEnds>().BackEnds);
    }

    /// <summary>Makes the back ends, and ends them with the process.</summary>
    private sealed class MadeBackEnds : IAsyncDisposable, IDisposable
    {
        private readonly List<object> _made = [];

        public MadeBackEnds(ConfiguredBackEnds configured, TimeProvider clock, ILoggerFactory loggers)
        {
            BackEnds = new TokenBackEnds(
                configured.Rsa is { } rsa ? Make(rsa.Section, () => Radius(rsa, "Rsa")) : null,
                configured.Vip is { } vip ? Make(VipSettings.Section, () => new VipBackEnd(vip, clock, loggers.CreateLogger("Countersign.Delivery.Symantec")))
                    : configured.Symantec is { } symantec ? Make(symantec.Section, () => Radius(symantec, "Symantec")) : null);

            RadiusBackEnd Radius(ConfiguredRadius radius, string name) => new(radius.Settings, radius.Servers, clock, loggers.CreateLogger($"Countersign.Delivery.{name}"));
        }

        public TokenBackEnds BackEnds { get; }

        public async ValueTask DisposeAsync()
        {
            foreach (var made in _made)
            {
                if (made is IAsyncDisposable closing) await closing.DisposeAsync();
                else (made as IDisposable)?.Dispose();
            }
        }

        public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

        private ITokenBackEnd Make(string section, Func<ITokenBackEnd> make)
        {
            try
            {
                var made = make();
                _made.Add(made);
                return made;
            }
            catch (SettingsException exception)
            {
                throw new SettingsException($"{section}: {exception.Message}", exception);
            }
        }
    }
}
