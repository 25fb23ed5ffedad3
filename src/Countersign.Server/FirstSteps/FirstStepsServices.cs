namespace Countersign.Server.FirstSteps;

internal static class FirstStepsServices
{
    /// <summary>Adds the demo user and the notice.</summary>
    public static void AddFirstSteps(this IServiceCollection services)
    {
        services.AddSingleton<DemoUser>();
        services.AddHostedService<FirstStepsNotice>();
    }
}
