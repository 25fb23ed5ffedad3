using System.Diagnostics;
using System.Text.Json;
using Countersign.Integrations.Scripts;
using Countersign.Server.CommandLine;

namespace Countersign.Server.Tests.Workflows;

/// <summary>Scripts in processes of their own, with the program itself as the process.</summary>
public sealed class ScriptProcessesTests : IDisposable
{
    private static readonly JsonElement Input = JsonElement.Parse("""{"a":2,"text":"ä\u0000\ud83d\ude00"}""");
    private readonly ScriptProcesses _scripts = new(ScriptCommands.OfThisProgram);

    public void Dispose() => _scripts.Dispose();

    [Theory]
    [InlineData("$.a + 1", "3")]
    [InlineData("undefined", "null")]
    [InlineData("({a: [$.text, null, 1.5]})", """{"a":["ä\u0000😀",null,1.5]}""")]
    public void A_script_comes_to_its_value(string script, string expected)
    {
        var result = _scripts.Evaluate(script, Input);

        Assert.Null(result.Error);
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), result.Value), result.Value.GetRawText());
    }

    [Fact]
    public void A_script_that_fails_says_why_and_its_process_goes_on()
    {
        Assert.Contains("none is not defined (line 2)", _scripts.Evaluate("1;\nnone", Input).Error);
        Assert.Equal("3", _scripts.Evaluate("$.a + 1", Input).Value.GetRawText());
        Assert.Single(Processes());
    }

    /// <summary>Each of them did one step of the engine that took minutes or gigabytes in the server.</summary>
    [Theory]
    [InlineData("let a = ['x']; for (let i = 0; i < 40; i++) a = [a, a]; String(a)")]
    [InlineData("let a = ['x']; for (let i = 0; i < 40; i++) a = [a, a]; a.flat(Infinity)")]
    [InlineData("let a = 'x'; for (let i = 0; i < 40; i++) a = [a, a]; a")]
    [InlineData("let b = 2n; for (let i = 0; i < 40; i++) b = b * b; 1")]
    [InlineData("new Array(100000).join('x'.repeat(1000000))")]
    [InlineData("'a'.repeat(16000000).match(/a/g).length")]
    [InlineData("'x'.repeat(4000000)")]
    public void What_the_engine_cannot_stop_ends_its_process_alone(string script)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        var result = _scripts.Evaluate(script, Input);

        Assert.NotNull(result.Error);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.Equal("3", _scripts.Evaluate("$.a + 1", Input).Value.GetRawText());
    }

    [Fact]
    public void More_scripts_than_processes_wait_for_each_other()
        => Parallel.For(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 16 }, index => Assert.Equal(2 * index, _scripts.Evaluate($"$.a * {index}", Input).Value.GetInt32()));

    [Fact]
    public void A_process_that_died_in_between_is_replaced()
    {
        _scripts.Evaluate("1", Input);
        foreach (var process in Processes())
        {
            process.Kill();
            process.WaitForExit();
        }

        Assert.Equal("3", _scripts.Evaluate("$.a + 1", Input).Value.GetRawText());
    }

    [Fact]
    public void A_process_knows_nothing_of_the_servers_environment()
    {
        Environment.SetEnvironmentVariable("COUNTERSIGN_TEST_SECRET", "guarded");
        try
        {
            _scripts.Evaluate("1", Input);
            if (OperatingSystem.IsLinux()) Assert.DoesNotContain("COUNTERSIGN", File.ReadAllText($"/proc/{Assert.Single(Processes()).Id}/environ"), StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("COUNTERSIGN_TEST_SECRET", null);
        }
    }

    [Fact]
    public void Nothing_is_left_when_the_server_ends()
    {
        _scripts.Evaluate("1", Input);
        var process = Assert.Single(Processes());

        _scripts.Dispose();

        Assert.True(process.HasExited);
    }

    [Theory]
    [InlineData("no-such-program-of-countersign")]
    [InlineData("true")]
    [InlineData("echo")]
    public void A_program_that_is_no_script_host_is_told(string program)
    {
        using var scripts = new ScriptProcesses(new ScriptCommand(program, []));

        Assert.StartsWith("Scripts cannot be run: ", scripts.Evaluate("1", Input).Error, StringComparison.Ordinal);
    }

    private List<Process> Processes() => [.. _scripts.Idle.Select(Process.GetProcessById)];
}
