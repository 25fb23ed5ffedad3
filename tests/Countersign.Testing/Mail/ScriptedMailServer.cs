using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Countersign.Testing.Mail;

/// <summary>
/// A server on a loopback port that speaks SMTP in the clear, except where the test's script says otherwise: for what no proper server would do. The script is asked at
/// each step and gives the answer, <see cref="HangUp"/>, <see cref="Silence"/>, or null for what a proper server says.
/// </summary>
public sealed class ScriptedMailServer : IAsyncDisposable
{
    /// <summary>Closes the connection instead of answering.</summary>
    public const string HangUp = "hang up";
    /// <summary>Says nothing any more, and does not close the connection either.</summary>
    public const string Silence = "silence";
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<MailStep, string?> _script;
    private readonly TaskCompletionSource _isSilent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<Task> _conversations = new();
    private readonly Task _accepting;
    private int _connections, _messages;

    private ScriptedMailServer(Func<MailStep, string?> script)
    {
        _script = script;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;
    /// <summary>How many connections it has had.</summary>
    public int Connections => Volatile.Read(ref _connections);
    /// <summary>How many messages were sent to it up to the end dot, whatever it answered.</summary>
    public int Messages => Volatile.Read(ref _messages);
    /// <summary>Done once it has fallen silent.</summary>
    public Task HasFallenSilent => _isSilent.Task;
    /// <summary>Every command that came, in order.</summary>
    public ConcurrentQueue<string> Commands { get; } = new();

    public static ScriptedMailServer Start(Func<MailStep, string?> script) => new(script);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_conversations);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        await foreach (var client in _listener.AcceptAllAsync(_stop.Token)) _conversations.Enqueue(ConverseAsync(client, Interlocked.Increment(ref _connections)));
    }

    private async Task ConverseAsync(TcpClient client, int connection)
    {
        try
        {
            using (client)
            {
                using var reader = new StreamReader(client.GetStream());
                await using var writer = new StreamWriter(client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
                var message = 1;
                for (var step = "GREETING"; ;)
                {
                    var answer = _script(new MailStep(step, connection, message)) ?? Proper(step);
                    if (answer == HangUp)
                        return;
                    if (answer == Silence)
                    {
                        _isSilent.TrySetResult();
                        await Task.Delay(Timeout.Infinite, _stop.Token);
                    }
                    await writer.WriteLineAsync(answer.AsMemory(), _stop.Token);
                    if (step == "DATA" && answer.StartsWith("354", StringComparison.Ordinal))
                    {
                        while (await reader.ReadLineAsync(_stop.Token) is { } text and not ".")
                            _ = text;
                        Interlocked.Increment(ref _messages);
                        step = ".";
                        continue;
                    }
                    if (step == ".")
                        message++;
                    if (step == "QUIT" || await reader.ReadLineAsync(_stop.Token) is not { } line)
                        return;
                    Commands.Enqueue(line);
                    step = line.Split(' ', ':')[0].ToUpperInvariant();
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or IOException or SocketException)
        {
        }
    }

    private static string Proper(string step) => step switch
    {
        "GREETING" => "220 localhost ESMTP",
        "EHLO" => "250-localhost\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES",
        "DATA" => "354 go ahead",
        "." => "250 2.0.0 queued as 4711",
        "QUIT" => "221 2.0.0 bye",
        _ => "250 2.0.0 ok",
    };
}

/// <summary>A step of a conversation.</summary>
/// <param name="Verb"><c>GREETING</c>, a command's verb, or <c>.</c> for the end of a message.</param>
/// <param name="Connection">The connection's number, from 1.</param>
/// <param name="Message">The number of the message on this connection, from 1.</param>
public readonly record struct MailStep(string Verb, int Connection, int Message);
