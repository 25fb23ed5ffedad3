using Countersign.Factors;
using Countersign.Organization;
using Countersign.Outbox;
using Countersign.Requests;
using Countersign.SystemLog;
using Countersign.Testing;
using Countersign.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Delivery.Tests.Pump;

/// <summary>Sends messages of factors as decisions do, without a kind that decides so.</summary>
internal static class FactorMessageApp
{
    public static readonly FactorId Push = new("opf2Lc7yVb4sMkHj90h7");

    extension(CountersignApp app)
    {
        /// <summary>Commits a message of the push factor, and wakes the pump; what was committed.</summary>
        public async Task<IReadOnlyList<OutboxMessage>> CommitAsync(string user, FactorMessage message)
        {
            var messages = app.Services.GetRequiredService<FactorMessages>();
            var organization = await app.Services.GetRequiredService<IOrganizationStore>().GetAsync(CancellationToken.None);
            var by = new RequestContext { RequestId = "reqT7vWq2XmB0cRkY", Uri = "/api/v1/users", IpAddress = "198.51.100.23", Actor = LogSubject.System };
            var committed = await app.Services.GetRequiredService<IUserCommits>().DecideAsync(new UserId(user), (state, now) =>
            {
                var factor = new Factor { Id = Push, FactorType = "push", Provider = "OKTA", Status = FactorStatus.Active, Created = now, LastUpdated = now, Data = "{}"u8.ToArray() };
                var context = new FactorContext(state!, organization, now, null);
                var written = messages.Write(message, factor, context, by);
                return new Transition<IReadOnlyList<OutboxMessage>>(written) { Sends = new(written, messages.Limits(message, context, by), _ => new([])) };
            }, CancellationToken.None);
            foreach (var one in committed) Assert.Null(await app.Services.GetRequiredService<SentMessages>().AcceptAsync(one, organization, CancellationToken.None));
            return committed;
        }
    }
}
