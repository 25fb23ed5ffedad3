using System.Data.Common;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Countersign.Bench.Report;
using Countersign.Bench.Targets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.Bench.Sections;

/// <summary>Workflows of one HTTP task, from the first start to the last end: with few stored executions, and with many.</summary>
internal sealed class WorkflowStarts(Workplace workplace, BenchReport report)
{
    private const int Connections = 32;
    private static readonly TimeSpan EndLimit = TimeSpan.FromMinutes(3);

    public async Task RunAsync(CountersignStore store, int few, int many, int seconds, CancellationToken cancellationToken)
    {
        var address = workplace.NextAddress();
        await using var receiver = await ReceiveAsync(address, cancellationToken);
        await using var server = await CountersignServer.StartAsync(workplace, store, cancellationToken, ("Countersign__Outbound__AllowedNetworks__0", "127.0.0.0/8"));
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Connections }) { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("SSWS", server.Token);
        await PostAsync(client, "/api/metadata/workflow?overwrite=true", $$$$"""
            {"name":"bench","version":1,"tasks":[{"name":"call","taskReferenceName":"call_ref","type":"HTTP","inputParameters":{"http_request":{"uri":"{{{{address}}}}","method":"GET"}}}]}
            """, cancellationToken);
        await MeasureAsync(client, store, Math.Max(1, seconds / 2), cancellationToken);   // compiles and connects, and is not looked at

        var table = new MarkdownTable($"{store.Engine}, workflows of one HTTP task, {Connections} connections", "started/s", "ended/s", "end to end, mean ms");
        var rates = new List<double>();
        foreach (var stored in (int[])[few, many])
        {
            await FillAsync(store, stored, cancellationToken);
            var (started, ended, mean) = await MeasureAsync(client, store, seconds, cancellationToken);
            table.Row($"{stored} stored", Figures.Rate(started), Figures.Rate(ended), Figures.Milliseconds(mean));
            rates.Add(ended);
        }
        report.Table(table);
        report.Check(Goal.AtMost($"{store.Engine}, workflows: cost with {many} stored, times the cost with {few}", rates[0] / rates[1], 1.2));
    }

    /// <summary>Starts for so long, and waits for the last end.</summary>
    private async Task<(double StartedPerSecond, double EndedPerSecond, TimeSpan Mean)> MeasureAsync(HttpClient client, CountersignStore store, int seconds, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var since = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var counts = await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
        {
            var count = 0;
            for (; Stopwatch.GetElapsedTime(began).TotalSeconds < seconds; count++) await PostAsync(client, "/api/workflow/bench", "{}", cancellationToken);
            return count;
        }));
        var starting = Stopwatch.GetElapsedTime(began);
        await using var connection = await store.ConnectAsync(cancellationToken);
        while (await NumberAsync(connection, "SELECT count(*) FROM workflow_execution WHERE status = 'RUNNING'", cancellationToken) > 0)
        {
            if (Stopwatch.GetElapsedTime(began) > EndLimit) throw new BenchException($"workflows did not end within {EndLimit}; see the server's log");
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }
        var whole = Stopwatch.GetElapsedTime(began);
        var failed = await NumberAsync(connection, $"SELECT count(*) FROM workflow_execution WHERE status <> 'COMPLETED' AND started >= {since}", cancellationToken);
        if (failed > 0) report.Fault($"{store.Engine}: {failed} workflows did not complete");
        var mean = await NumberAsync(connection, $"SELECT CAST(coalesce(avg(ended - started), 0) * 1000 AS {(store.Engine == Engine.Sqlite ? "INTEGER" : "bigint")}) FROM workflow_execution WHERE started >= {since}", cancellationToken);
        return (counts.Sum() / starting.TotalSeconds, counts.Sum() / whole.TotalSeconds, TimeSpan.FromMicroseconds(mean));
    }

    /// <summary>Copies an execution that ended, with its task, until there are so many.</summary>
    private static async Task FillAsync(CountersignStore store, int wanted, CancellationToken cancellationToken)
    {
        await using var connection = await store.ConnectAsync(cancellationToken);
        var there = await NumberAsync(connection, "SELECT count(*) FROM workflow_execution", cancellationToken);
        if (there >= wanted) return;
        // Ids that are like those of the product and far from each other, instants over a year.
        var (numbers, id) = store.Engine == Engine.Sqlite
            ? ($"WITH RECURSIVE n(i) AS (SELECT {there} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {wanted})", "lower(hex(randomblob(16)))")
            : ($"WITH n(i) AS (SELECT generate_series({there}, {wanted - 1}))", "md5(n.i::text || random()::text)");
        await ExecuteAsync(connection, "CREATE TEMP TABLE sample AS SELECT * FROM workflow_execution WHERE ended IS NOT NULL LIMIT 1", cancellationToken);
        await ExecuteAsync(connection, "CREATE TEMP TABLE sample_task AS SELECT * FROM workflow_task WHERE execution_id = (SELECT id FROM sample)", cancellationToken);
        await ExecuteAsync(connection, $"""
            {numbers} INSERT INTO workflow_execution(id, guard, name, version, status, started, updated, ended, definition, state)
            SELECT 'copy' || n.i || {id}, 3, s.name, s.version, s.status, s.started - CAST(31536000 AS bigint) * (n.i % 1000), s.updated - CAST(31536000 AS bigint) * (n.i % 1000), s.ended - CAST(31536000 AS bigint) * (n.i % 1000), s.definition, s.state FROM n CROSS JOIN sample s
            """, cancellationToken);
        await ExecuteAsync(connection, """
            INSERT INTO workflow_task(id, execution_id, sequence, name, type, status, queue, domain, priority, updated, body)
            SELECT e.id || 't', e.id, t.sequence, t.name, t.type, t.status, t.queue, t.domain, t.priority, e.updated, t.body FROM workflow_execution e CROSS JOIN sample_task t WHERE e.id LIKE 'copy%' AND NOT EXISTS (SELECT 1 FROM workflow_task o WHERE o.id = e.id || 't')
            """, cancellationToken);
        await ExecuteAsync(connection, "DROP TABLE sample", cancellationToken);
        await ExecuteAsync(connection, "DROP TABLE sample_task", cancellationToken);
        await ExecuteAsync(connection, "ANALYZE", cancellationToken);
    }

    private static async Task<WebApplication> ReceiveAsync(Uri address, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address.ToString());
        var app = builder.Build();
        app.Run(http =>
        {
            http.Response.ContentType = "application/json";
            return http.Response.Body.WriteAsync("{}"u8.ToArray()).AsTask();
        });
        await app.StartAsync(cancellationToken);
        return app;
    }

    private static async Task PostAsync(HttpClient client, string path, string body, CancellationToken cancellationToken)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), content, cancellationToken);
        if (!answer.IsSuccessStatusCode) throw new BenchException($"{path} was answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
    }

    private static async Task<long> NumberAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        (command.CommandText, command.CommandTimeout) = (sql, 600);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
