using Microsoft.Extensions.Logging;

namespace Countersign.Delivery;

/// <summary>The numbers of what delivery writes to the process's own log; never reused.</summary>
internal static class EventIds
{
    public static readonly EventId PumpFailed = new(2001, nameof(PumpFailed));
    public static readonly EventId DeliveryFailed = new(2002, nameof(DeliveryFailed));
    public static readonly EventId OutcomesNotNoted = new(2003, nameof(OutcomesNotNoted));
    public static readonly EventId ProviderFailed = new(2004, nameof(ProviderFailed));
    public static readonly EventId HousekeepingFailed = new(2005, nameof(HousekeepingFailed));
    public static readonly EventId FeedFailed = new(2006, nameof(FeedFailed));
    public static readonly EventId BackEndSilent = new(2020, nameof(BackEndSilent));
    public static readonly EventId BackEndRefused = new(2021, nameof(BackEndRefused));
    public static readonly EventId DuoRefused = new(2007, nameof(DuoRefused));
    public static readonly EventId DuoSilent = new(2008, nameof(DuoSilent));
}
