using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Countersign.Integrations.Expressions;

/// <summary>What stands between <c>${</c> and <c>}</c>: a root and a path (workflow contract 5).</summary>
public sealed class Expression
{
    /// <summary>The root of everything about the execution itself.</summary>
    public const string WorkflowRoot = "workflow";
    /// <summary>The expression, without a path, for the id of the attempt that is being prepared.</summary>
    public const string TaskIdRoot = "CPEWF_TASK_ID";

    private readonly JsonPath _belowMember;

    private Expression(string text, string root, JsonPath path)
    {
        Text = text;
        Root = root;
        Path = path;
        Member = path.FirstName;
        _belowMember = Member is null ? path : path.WithoutFirst();
    }

    /// <summary>The text, without <c>${</c> and <c>}</c>.</summary>
    public string Text { get; }
    /// <summary><c>workflow</c>, or a task's reference name.</summary>
    public string Root { get; }
    /// <summary>What follows the root.</summary>
    public JsonPath Path { get; }
    /// <summary>The first name after the root, for example <c>input</c>; null when no plain name follows.</summary>
    public string? Member { get; }
    /// <summary>Whether it names a secret: <c>workflow.secrets.NAME</c>.</summary>
    public bool IsSecret => Root == WorkflowRoot && Member == "secrets";

    /// <summary>The name after <c>workflow.secrets</c> or <c>workflow.env</c>; null when there is none.</summary>
    public string? NameBelowMember => _belowMember.FirstName;

    /// <summary>Whether nothing follows <see cref="NameBelowMember"/>.</summary>
    public bool EndsAtName => NameBelowMember is not null && _belowMember.IsOneStep;

    /// <summary>Reads one.</summary>
    /// <param name="text">What stands between <c>${</c> and <c>}</c>.</param>
    /// <param name="expression">The expression; null when there is a fault.</param>
    /// <param name="fault">What is wrong, as one sentence.</param>
    public static bool TryRead(string text, [NotNullWhen(true)] out Expression? expression, [NotNullWhen(false)] out string? fault)
    {
        expression = null;
        var trimmed = text.AsSpan().Trim();
        var end = trimmed.IndexOfAny('.', '[');
        var root = end < 0 ? trimmed : trimmed[..end];
        if (root.IsEmpty)
        {
            fault = "The root is missing.";
            return false;
        }
        if (!JsonPath.TryRead(end < 0 ? [] : trimmed[end..], out var path, out fault)) return false;
        expression = new Expression(text, root.ToString(), path);
        return true;
    }

    /// <summary>Follows the path, from the whole of what the root stands for.</summary>
    public bool TryFind(JsonElement root, out JsonElement found) => Path.TryFind(root, out found);

    /// <summary>Follows what is left of the path after <see cref="Member"/>, from that member's value.</summary>
    public bool TryFindBelow(JsonElement member, out JsonElement found) => _belowMember.TryFind(member, out found);

    /// <summary>Follows what is left of the path after <see cref="NameBelowMember"/>, from that name's value.</summary>
    public bool TryFindBelowName(JsonElement named, out JsonElement found) => _belowMember.WithoutFirst().TryFind(named, out found);

    /// <summary>The expression as it stands in a template.</summary>
    public override string ToString() => "${" + Text + "}";
}
