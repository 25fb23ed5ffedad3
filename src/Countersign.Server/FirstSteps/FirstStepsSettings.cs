namespace Countersign.Server.FirstSteps;

/// <summary>What helps a person who starts the server for the first time; <c>./run</c> switches both on. Section <c>Countersign:FirstSteps</c>.</summary>
internal sealed class FirstStepsSettings
{
    public const string Section = "Countersign:FirstSteps";

    /// <summary>Whether the addresses and the administrator's token are printed once the server listens. Default false: standard output may be kept where a token must not be.</summary>
    public bool Notice { get; set; }
    /// <summary>Whether there is a demo user, and the notice shows a request that verifies its passcode. Default false.</summary>
    public bool DemoUser { get; set; }
}
