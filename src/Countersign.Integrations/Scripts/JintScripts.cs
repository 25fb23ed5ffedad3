using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Acornima;
using Acornima.Ast;
using Countersign.Integrations.Expressions;
using Jint;
using Jint.Native;
using Jint.Native.Json;
using Jint.Runtime;
using JsonException = System.Text.Json.JsonException;
using JsonSerializer = Jint.Native.Json.JsonSerializer;

namespace Countersign.Integrations.Scripts;

/// <summary>Runs scripts with Jint in this process: each in an engine of its own, of which nothing is left afterwards. Time and memory are looked at between a script's steps.</summary>
public sealed class JintScripts : IScripts
{
    /// <summary>How long a script may run.</summary>
    public static TimeSpan LongestRun { get; } = TimeSpan.FromSeconds(4);
    /// <summary>Bytes that a script may allocate.</summary>
    public const long MostMemory = 64 * 1024 * 1024;
    /// <summary>Statements that a script may execute.</summary>
    public const int MostStatements = 10_000_000;
    /// <summary>Characters of a script.</summary>
    public const int LongestScript = 256 * 1024;

    internal static readonly string TooLong = $"The script ran longer than {LongestRun.TotalSeconds:0} seconds.", TooMuch = $"The script needs more than {MostMemory / 1024 / 1024} MiB.";

    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);
    private const int MostCalls = 256;
    private const uint LongestArray = 1_000_000;
    private const int LongestText = 16 * 1024 * 1024;
    private const int MostPrepared = 1_024;

    // Memory is measured between steps; these built-in functions would take any amount in one. Buffers of bytes are no JSON, and Atomics waits.
    private static readonly Prepared<Script> Guards = Engine.PrepareScript($$"""
        (function () {
          for (const name of ['ArrayBuffer', 'SharedArrayBuffer', 'DataView', 'Atomics', 'Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array',
            'BigInt64Array', 'BigUint64Array', 'Float16Array', 'Float32Array', 'Float64Array']) delete globalThis[name];
          const refuse = () => { throw new RangeError('Invalid string length'); };
          const text = String.prototype, { repeat, padStart, padEnd } = text, define = Object.defineProperty;
          define(text, 'repeat', { value(count) { if (String(this).length * count > {{LongestText}}) refuse(); return repeat.call(this, count); }, writable: true, configurable: true });
          define(text, 'padStart', { value(length, fill) { if (length > {{LongestText}}) refuse(); return padStart.call(this, length, fill); }, writable: true, configurable: true });
          define(text, 'padEnd', { value(length, fill) { if (length > {{LongestText}}) refuse(); return padEnd.call(this, length, fill); }, writable: true, configurable: true });
        })()
        """);

    private readonly ConcurrentDictionary<string, Prepared<Script>> _prepared = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ScriptResult Evaluate(string script, JsonElement input)
    {
        if (script.Length > LongestScript) return ScriptResult.Failed($"The script has more than {LongestScript} characters.");
        try
        {
            var prepared = Prepare(script);
            using var engine = new Engine(Limit);
            engine.Evaluate(Guards);
            engine.SetValue("$", new JsonParser(engine).Parse(input.GetRawText()));
            var value = engine.Evaluate(prepared);
            var json = new JsonSerializer(engine).Serialize(value);
            return new ScriptResult(json.IsString() ? JsonBuilder.Read(json.AsString()) : JsonBuilder.Null, null);
        }
        catch (JavaScriptException thrown)
        {
            return ScriptResult.Failed(Sentence(thrown.Error is { } error ? TextOf(error, thrown) : thrown.Message, thrown.Location.Start.Line));
        }
        catch (ParseErrorException wrong)
        {
            return ScriptResult.Failed(Sentence(wrong.Description, wrong.LineNumber));
        }
        catch (ScriptPreparationException wrong)
        {
            return ScriptResult.Failed(Sentence(wrong.InnerException is ParseErrorException parse ? parse.Description : wrong.Message, (wrong.InnerException as ParseErrorException)?.LineNumber ?? 0));
        }
        catch (RegexMatchTimeoutException)
        {
            return ScriptResult.Failed($"A regular expression took longer than {LongestMatch.TotalSeconds:0} second.");
        }
        catch (TimeoutException)
        {
            return ScriptResult.Failed(TooLong);
        }
        catch (Exception limit) when (limit is MemoryLimitExceededException or InsufficientExecutionStackException or OutOfMemoryException)
        {
            return ScriptResult.Failed(limit is InsufficientExecutionStackException ? "The script calls itself too deeply." : TooMuch);
        }
        catch (StatementsCountOverflowException)
        {
            return ScriptResult.Failed($"The script has more than {MostStatements} steps.");
        }
        catch (RecursionDepthOverflowException)
        {
            return ScriptResult.Failed($"The script calls itself more than {MostCalls} deep.");
        }
        catch (Exception other) when (other is JintException or JsonException or ArgumentException or InvalidOperationException)
        {
            return ScriptResult.Failed(Sentence(other.Message, 0));
        }
    }

    /// <summary>What is wrong with a script's grammar, as one sentence; null: nothing.</summary>
    public static string? FaultIn(string script)
    {
        if (script.Length > LongestScript) return $"The script has more than {LongestScript} characters.";
        try
        {
            Engine.PrepareScript(script);
            return null;
        }
        catch (Exception wrong) when (wrong is ParseErrorException or ScriptPreparationException)
        {
            var parse = wrong as ParseErrorException ?? wrong.InnerException as ParseErrorException;
            return Sentence(parse?.Description ?? wrong.Message, parse?.LineNumber ?? 0);
        }
    }

    private static void Limit(Options options)
    {
        options.TimeoutInterval(LongestRun).LimitMemory(MostMemory).MaxStatements(MostStatements).LimitRecursion(MostCalls);
        options.Constraints.MaxArraySize = LongestArray;
        options.Constraints.RegexTimeout = LongestMatch;
        options.Constraints.StackOverflowGuard = true;
        options.Host.StringCompilationAllowed = false;
        options.Interop.Enabled = false;
        options.Json.MaxParseDepth = JsonBuilder.DeepestNesting;
    }

    private Prepared<Script> Prepare(string script)
    {
        if (_prepared.TryGetValue(script, out var known)) return known;
        var prepared = Engine.PrepareScript(script);
        // Scripts are few; a flood of different ones starts the store anew.
        if (_prepared.Count >= MostPrepared) _prepared.Clear();
        _prepared.TryAdd(script, prepared);
        return prepared;
    }

    private static string TextOf(JsValue error, JavaScriptException thrown) => error.IsObject() ? thrown.Message : error.ToString();

    private static string Sentence(string what, int line)
    {
        var cut = what.Length > 500 ? what[..500] : what;
        return line > 0 ? $"{cut.TrimEnd('.')} (line {line})." : $"{cut.TrimEnd('.')}.";
    }
}
