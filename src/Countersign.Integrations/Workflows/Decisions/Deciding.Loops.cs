using System.Globalization;
using System.Text.Json;
using Countersign.Integrations.Expressions;

namespace Countersign.Integrations.Workflows.Decisions;

/// <summary>DO_WHILE (workflow contract 6.8). The round is the loop's <c>output.iteration</c>.</summary>
internal sealed partial class Deciding
{
    private TaskExecution BeginLoop(TaskExecution loop)
    {
        JsonElement? items = null;
        if (loop.Task.Items is { } template)
        {
            var evaluated = Template.Evaluate(template, Scope(loop.Id));
            if (evaluated.Error is { } error) return End(loop, AttemptStatus.FailedWithTerminalError, reason: $"The items of {loop.ReferenceName} cannot be made. {error}");
            items = evaluated.Value;
        }
        items ??= loop.Input.Member("items");
        if (items is { } list)
        {
            if (list.ValueKind is not JsonValueKind.Array) return End(loop, AttemptStatus.FailedWithTerminalError, reason: $"The items of {loop.ReferenceName} are not a list.");
            if (list.GetArrayLength() == 0) return End(loop, AttemptStatus.Completed, JsonBuilder.BuildObject(writer => writer.WriteNumber("iteration", 0)));
            loop = loop with { Memory = JsonBuilder.BuildObject(writer => WriteMember(writer, "items", list)) };
        }
        return Put(AtRound(loop, 1));
    }

    private TaskExecution Loop(TaskExecution loop, Place place)
    {
        while (loop.Status is AttemptStatus.InProgress && !HasEnded)
        {
            var round = RoundOf(loop);
            var suffix = (place.Suffix ?? "") + "__" + round.ToString(CultureInfo.InvariantCulture);
            if (!WalkWhole(loop.Task.LoopOver, new Place(suffix, round, loop.ReferenceName)) || IsCutShort) return Latest(loop.ReferenceName)!;
            loop = EndRound(Latest(loop.ReferenceName)!, round);
        }
        return loop;
    }

    private TaskExecution EndRound(TaskExecution loop, int round)
    {
        var output = WithRound(loop, round);
        if (output.Size > Limits.PayloadBytes) return End(loop, AttemptStatus.FailedWithTerminalError, reason: TooLarge($"The output of {loop.ReferenceName}", output.Size));
        var goesOn = loop.Memory?.Member("items") is { } items ? round < items.GetArrayLength() : loop.Task.LoopCondition is not null;
        if (goesOn && loop.Task.LoopCondition is { } condition)
        {
            var result = Run(condition, ConditionInput(loop, output));
            if (result.Error is { } error) return End(loop, AttemptStatus.FailedWithTerminalError, output, $"The condition of {loop.ReferenceName} failed. {error}");
            goesOn = result.IsTruthy;
        }
        if (!goesOn) return End(loop, AttemptStatus.Completed, output);
        if (round >= Limits.LoopRounds) return End(loop, AttemptStatus.FailedWithTerminalError, output, $"The loop {loop.ReferenceName} has more than {Limits.LoopRounds} rounds.");
        if (KeptRounds(loop) is { } kept) DropRounds(loop.ReferenceName, round - kept);
        return Put(AtRound(loop with { Output = output }, round + 1));
    }

    private static int RoundOf(TaskExecution loop) => (int)(loop.Output.NumberOf("iteration") ?? 1);

    /// <summary>The loop at the start of a round, with the element that it is for.</summary>
    private static TaskExecution AtRound(TaskExecution loop, int round)
    {
        var start = JsonBuilder.BuildObject(writer =>
        {
            writer.WriteNumber("iteration", round);
            if (loop.Memory?.Member("items") is not { } items) return;
            WriteMember(writer, "loopItem", items[round - 1]);
            writer.WriteNumber("loopIndex", round - 1);
        });
        var isOverItems = loop.Memory?.Member("items") is not null;
        return loop with
        {
            Output = loop.Output.With(start),
            Input = isOverItems ? loop.Input.With(JsonBuilder.BuildObject(writer =>
            {
                WriteMember(writer, "loopItem", start.GetProperty("loopItem"));
                writer.WriteNumber("loopIndex", round - 1);
            })) : loop.Input,
        };
    }

    private static int? KeptRounds(TaskExecution loop) => loop.Input.NumberOf("keepLastN") is > 0 and <= int.MaxValue and var kept ? (int)kept : null;

    /// <summary>The output with what the tasks of a round came to, and without the rounds that are not kept.</summary>
    private JsonElement WithRound(TaskExecution loop, int round)
    {
        var oldest = KeptRounds(loop) is { } kept ? round - kept + 1 : 1;
        return JsonBuilder.BuildObject(writer =>
        {
            foreach (var member in loop.Output.EnumerateObject())
            {
                if (int.TryParse(member.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && (number < oldest || number == round)) continue;
                member.WriteTo(writer);
            }
            writer.WriteStartObject(round.ToString(CultureInfo.InvariantCulture));
            foreach (var task in LatestOfRound(loop.ReferenceName, round)) WriteMember(writer, task.Task.ReferenceName, task.Output);
            writer.WriteEndObject();
        });
    }

    private IEnumerable<TaskExecution> LatestOfRound(string loop, int round)
        => _tasks.Where((task, index) => task.Iteration == round && task.LoopReferenceName == loop && IsLatest(index));

    private JsonElement ConditionInput(TaskExecution loop, JsonElement output) => loop.Input.With(JsonBuilder.BuildObject(writer =>
    {
        foreach (var task in LatestOfRound(loop.ReferenceName, RoundOf(loop))) WriteMember(writer, task.Task.ReferenceName, task.Output);
        WriteMember(writer, loop.Task.ReferenceName, output);
    }));

    private void DropRounds(string loop, int upTo)
    {
        var loops = new HashSet<string>(StringComparer.Ordinal);
        Drop(task =>
        {
            var isDropped = task.LoopReferenceName is { } own && ((own == loop && task.Iteration <= upTo) || loops.Contains(own));
            if (isDropped && task.Task.Type == TaskTypes.DoWhile) loops.Add(task.ReferenceName);
            return isDropped;
        });
    }

    /// <summary>Whether a task stands in a loop, at any depth.</summary>
    private bool IsInside(TaskExecution task, string loop)
    {
        for (var own = task.LoopReferenceName; own is not null; own = Latest(own)?.LoopReferenceName)
        {
            if (own == loop) return true;
        }
        return false;
    }

    private static void WriteMember(Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WritePropertyName(name);
        value.WriteTo(writer);
    }
}
