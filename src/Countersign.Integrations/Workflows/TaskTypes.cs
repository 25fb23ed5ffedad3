using System.Collections.Frozen;

namespace Countersign.Integrations.Workflows;

/// <summary>The types of tasks, by their names on the wire (workflow contract 6.1), and who carries them out.</summary>
public static class TaskTypes
{
    /// <summary>A worker's task.</summary>
    public const string Simple = "SIMPLE";
    /// <summary>An HTTP request.</summary>
    public const string Http = "HTTP";
    /// <summary>An HTTP request, again and again.</summary>
    public const string HttpPoll = "HTTP_POLL";
    /// <summary>Sets variables.</summary>
    public const string SetVariable = "SET_VARIABLE";
    /// <summary>Chooses a case.</summary>
    public const string Switch = "SWITCH";
    /// <summary>Branches.</summary>
    public const string ForkJoin = "FORK_JOIN";
    /// <summary>How an execution shows a fork.</summary>
    public const string Fork = "FORK";
    /// <summary>Branches from data.</summary>
    public const string ForkJoinDynamic = "FORK_JOIN_DYNAMIC";
    /// <summary>Waits for branches.</summary>
    public const string Join = "JOIN";
    /// <summary>Waits for a time or for an update.</summary>
    public const string Wait = "WAIT";
    /// <summary>Ends the execution.</summary>
    public const string Terminate = "TERMINATE";
    /// <summary>Runs a script.</summary>
    public const string Inline = "INLINE";
    /// <summary>Starts a workflow and waits for it.</summary>
    public const string SubWorkflow = "SUB_WORKFLOW";
    /// <summary>Starts a workflow.</summary>
    public const string StartWorkflow = "START_WORKFLOW";
    /// <summary>Does nothing.</summary>
    public const string Noop = "NOOP";
    /// <summary>A loop.</summary>
    public const string DoWhile = "DO_WHILE";
    /// <summary>Waits for a person.</summary>
    public const string Human = "HUMAN";
    /// <summary>A worker's task whose name is data.</summary>
    public const string Dynamic = "DYNAMIC";
    /// <summary>Tells somebody of something.</summary>
    public const string Event = "EVENT";
    /// <summary>Verifies a factor.</summary>
    public const string CountersignVerify = "COUNTERSIGN_VERIFY";

    private static readonly FrozenSet<string> Decided = new[]
    {
        SetVariable, Switch, ForkJoin, ForkJoinDynamic, Join, Wait, Terminate, Inline, Noop, DoWhile, Human,
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Served = new[] { Http, HttpPoll, SubWorkflow, StartWorkflow, Event, CountersignVerify }.ToFrozenSet(StringComparer.Ordinal);

    // Words of other servers, which a worker's queue would take for its own name.
    private static readonly FrozenSet<string> Unserved = new[]
    {
        "JSON_JQ_TRANSFORM", "WAIT_FOR_WEBHOOK", "EXCLUSIVE_JOIN", "DECISION", "LAMBDA", "KAFKA_PUBLISH", "BUSINESS_RULE", "GET_SIGNED_JWT", "UPDATE_TASK", "UPDATE_SECRET",
        "QUERY_PROCESSOR", "SENDGRID", "GRPC", "JDBC", "OPS_GENIE", "GET_DOCUMENT", "PARSE_DOCUMENT", "CHUNK_TEXT", "LIST_FILES", "LIST_MCP_TOOLS", "CALL_MCP_TOOL", "GENERATE_IMAGE",
        "GENERATE_AUDIO", "GENERATE_VIDEO", "GENERATE_PDF", "AGENT", "SUB_AGENT", "YIELD",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Who carries out tasks of a type.</summary>
    public static CarriedOutBy CarrierOf(string type) => Decided.Contains(type) ? CarriedOutBy.Decision : Served.Contains(type) ? CarriedOutBy.Server : CarriedOutBy.Worker;

    /// <summary>Whether a task of this type looks at every answer itself (workflow contract 19): nobody's word alone completes it.</summary>
    public static bool JudgesAnswers(string type) => type == CountersignVerify;

    /// <summary>Whether definitions with this type are stored but not started.</summary>
    public static bool IsUnserved(string type) => Unserved.Contains(type) || type.StartsWith("LLM_", StringComparison.Ordinal) || type.StartsWith("MCP_", StringComparison.Ordinal);

    /// <summary>The types that an editor offers.</summary>
    public static IEnumerable<string> Offered => Decided.Concat(Served).Append(Simple).Append(Dynamic).Order(StringComparer.Ordinal);
}
