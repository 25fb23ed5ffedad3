namespace Countersign.Bench;

/// <summary>Where the data lies.</summary>
internal enum Engine
{
    Sqlite,
    Postgres,
}
