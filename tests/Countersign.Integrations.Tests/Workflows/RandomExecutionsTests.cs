using Countersign.Integrations.Expressions;
using Countersign.Integrations.Tasks;
using Countersign.Integrations.Workflows;
using CsCheck;

namespace Countersign.Integrations.Tests.Workflows;

/// <summary>Random definitions under random results, pauses and crashes: they end, schedule nothing twice, and every decision is settled (<see cref="Run"/> looks twice after each).</summary>
public class RandomExecutionsTests
{
    private static readonly Gen<bool> Seldom = Gen.Int[0, 5].Select(number => number == 0);

    /// <summary>Tasks as text, and the reference name of the last of them.</summary>
    private sealed record Piece(string Text, string Last);

    /// <summary>Gives every task a name of its own.</summary>
    private sealed class Names
    {
        private int _next;

        public string Next() => $"r{_next++}";
    }

    private delegate Piece Maker(Names names);

    private static Gen<Maker> Simple(string type, string more) => Gen.Select(Seldom, Seldom, Gen.Int[0, 2], (isOptional, isPermissive, retries) => (Maker)(names =>
    {
        var name = names.Next();
        return new Piece($$"""
            {"name":"t","taskReferenceName":"{{name}}","type":"{{type}}",{{more}}"optional":{{Flag(isOptional)}},"permissive":{{Flag(isPermissive)}},
             "taskDefinition":{"retryCount":{{retries}},"retryDelaySeconds":3,"timeoutPolicy":"RETRY","timeoutSeconds":100} }
            """, name);
    }));

    private static Gen<Maker> Fork(int depth) => Gen.Select(Tasks(depth), Tasks(depth), Gen.Bool, (one, other, isJoined) => (Maker)(names =>
    {
        string fork = names.Next(), join = names.Next();
        Piece first = one(names), second = other(names);
        var joinOn = isJoined ? $"\"{first.Last}\",\"{second.Last}\"" : "";
        return new Piece($$"""
            {"name":"f","taskReferenceName":"{{fork}}","type":"FORK_JOIN","forkTasks":[[{{first.Text}}],[{{second.Text}}]]},
            {"name":"j","taskReferenceName":"{{join}}","type":"JOIN","joinOn":[{{joinOn}}]}
            """, join);
    }));

    private static Gen<Maker> Switch(int depth) => Gen.Select(Tasks(depth), Gen.Bool, (inner, isChosen) => (Maker)(names =>
    {
        var name = names.Next();
        return new Piece($$"""
            {"name":"s","taskReferenceName":"{{name}}","type":"SWITCH","evaluatorType":"value-param","expression":"v","inputParameters":{"v":"{{(isChosen ? "x" : "y")}}"},
             "decisionCases":{"x":[{{inner(names).Text}}]} }
            """, name);
    }));

    private static Gen<Maker> Loop(int depth) => Gen.Select(Tasks(depth), Gen.Int[0, 3], Seldom, (inner, rounds, isOptional) => (Maker)(names =>
    {
        var name = names.Next();
        return new Piece($$"""
            {"name":"l","taskReferenceName":"{{name}}","type":"DO_WHILE","items":[{{string.Join(',', Enumerable.Range(0, rounds))}}],"optional":{{Flag(isOptional)}},"loopOver":[{{inner(names).Text}}]}
            """, name);
    }));

    private static Gen<Maker> DynamicFork() => Gen.Int[0, 3].Select(branches => (Maker)(names =>
    {
        string fork = names.Next(), join = names.Next();
        return new Piece($$"""
            {"name":"f","taskReferenceName":"{{fork}}","type":"FORK_JOIN_DYNAMIC","inputParameters":{"forkTaskName":"p{{fork}}","forkTaskInputs":[{{string.Join(',', Enumerable.Range(0, branches))}}]} },
            {"name":"j","taskReferenceName":"{{join}}","type":"JOIN"}
            """, join);
    }));

    private static Gen<Maker> Task(int depth) => Gen.Int[0, depth > 0 ? 11 : 6].SelectMany(kind => kind switch
    {
        0 or 1 => Simple("SIMPLE", ""),
        2 => Simple("HTTP", "\"inputParameters\":{\"http_request\":{}},"),
        3 => Simple("SET_VARIABLE", "\"inputParameters\":{\"v\":\"${workflow.variables.v}x\"},"),
        4 => Simple("WAIT", "\"inputParameters\":{\"duration\":\"5 s\"},"),
        5 => Simple("INLINE", "\"inputParameters\":{\"expression\":\"$.n + 1\",\"n\":1},"),
        6 => Simple("NOOP", ""),
        7 or 8 => Fork(depth - 1),
        9 => Switch(depth - 1),
        10 => Loop(depth - 1),
        _ => DynamicFork(),
    });

    private static Gen<Maker> Tasks(int depth) => Task(depth).Array[1, 3].Select(makers => (Maker)(names =>
    {
        var pieces = makers.Select(maker => maker(names)).ToList();
        return new Piece(string.Join(',', pieces.Select(piece => piece.Text)), pieces[^1].Last);
    }));

    private static string Flag(bool flag) => flag ? "true" : "false";

    [Fact]
    public void They_end_and_schedule_nothing_twice()
    {
        Gen.Select(Tasks(3), Gen.Int[0, 9].Array[400]).Sample((tasks, chances) =>
        {
            var run = Run.Prepared(tasks(new Names()).Text, "\"timeoutSeconds\":100000,\"timeoutPolicy\":\"TIME_OUT_WF\",");
            run.Start();
            var step = 0;
            while (!run.Status.IsFinal)
            {
                Assert.True(step < 20_000, "It does not end.");
                Step(run, chances[step % chances.Length], step++);
            }
            Assert.DoesNotContain("100000", run.Execution.ReasonForIncompletion ?? "");
        }, iter: 300, threads: 2);
    }

    /// <summary>One thing that happens: a task is taken and ends, or a node dies, or time passes, or somebody pauses.</summary>
    private static void Step(Run run, int chance, int step)
    {
        if (run.Status is WorkflowStatus.Paused)
        {
            run.Do(new WorkflowChange.Resume());
            return;
        }
        var ready = run.Execution.Tasks.Where(task => task.IsReady(run.Now)).ToList();
        if (ready.Count == 0 || chance == 9)
        {
            if (chance == 9 && step % 7 == 0) run.Do(new WorkflowChange.Pause());
            run.Pass(5);
            return;
        }
        var task = ready[step % ready.Count];
        var reference = task.ReferenceName;
        run.IsRepeatable = chance == 8;
        run.Take(reference, "node", TimeSpan.FromSeconds(20));
        if (chance >= 7)
        {
            run.Pass(20);
            return;
        }
        var status = chance >= 5 && task.RetryCount == 0 ? AttemptStatus.Failed : chance == 4 && step % 11 == 0 ? AttemptStatus.FailedWithTerminalError : AttemptStatus.Completed;
        if (task.By is CarriedOutBy.Server) run.Visit(reference, new TaskOutcome { Status = status, Output = JsonBuilder.Read("""{"r":1}""") });
        else run.Update(reference, status, """{"r":1}""");
    }
}
