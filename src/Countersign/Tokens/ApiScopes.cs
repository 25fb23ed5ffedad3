using System.Collections.Frozen;

namespace Countersign.Tokens;

/// <summary>What API tokens can be allowed to do (contract 2.2), and Countersign's own: API tokens, the outbox, delivery and integrations.</summary>
public static class ApiScopes
{
    /// <summary>Seeing API tokens.</summary>
    public const string TokensRead = "countersign.tokens.read";
    /// <summary>Making and revoking API tokens.</summary>
    public const string TokensManage = "countersign.tokens.manage";

    /// <summary>Seeing the messages of the outbox, and the codes in those that nobody sends.</summary>
    public const string OutboxRead = "countersign.outbox.read";

    /// <summary>Seeing the delivery providers and whether they are well.</summary>
    public const string DeliveryRead = "countersign.delivery.read";

    /// <summary>Searching the catalog; seeing workflow definitions, executions, names of secrets, and the history of one's test requests.</summary>
    public const string IntegrationsRead = "countersign.integrations.read";
    /// <summary>Importing APIs, sending test requests, changing secrets and environments, storing definitions, starting and commanding executions, working on tasks.</summary>
    public const string IntegrationsManage = "countersign.integrations.manage";

    private const string Manage = "manage", Self = "self";

    /// <summary>Every scope.</summary>
    public static readonly FrozenSet<string> All = FrozenSet.Create(StringComparer.Ordinal,
        "okta.users.read", "okta.users.manage", "okta.users.read.self", "okta.users.manage.self", "okta.factors.read", "okta.factors.manage",
        "okta.templates.read", "okta.templates.manage", "okta.authenticators.read", "okta.authenticators.manage", "okta.authenticators.manage.self",
        "okta.policies.read", "okta.policies.manage", "okta.logs.read", "okta.inlineHooks.read", "okta.inlineHooks.manage", "okta.eventHooks.read",
        "okta.eventHooks.manage", TokensRead, TokensManage, OutboxRead, DeliveryRead, IntegrationsRead, IntegrationsManage);

    /// <summary>Whether what needs <paramref name="needed"/> may be done by who was given <paramref name="given"/>: managing includes reading, everybody includes oneself.</summary>
    /// <param name="given">What was given.</param>
    /// <param name="needed">What an operation needs.</param>
    /// <param name="isSelf">Whether the operation is about the token's own user.</param>
    public static bool Includes(string given, string needed, bool isSelf = false)
    {
        if (given == needed) return true;
        var (has, needs) = (given.Split('.'), needed.Split('.'));
        return has[1] == needs[1] && (has[2] == needs[2] || has[2] == Manage) && (!IsForSelf(has) || IsForSelf(needs) || isSelf);
    }

    private static bool IsForSelf(string[] scope) => scope is [_, _, _, Self];
}
