using System.Data.Common;

namespace Countersign.Storage.Commits;

/// <summary>Short ways of saying the usual things to ADO.NET.</summary>
internal static class DbCommands
{
    extension(DbConnection connection)
    {
        public DbCommand Command(string sql)
        {
            var command = connection.CreateCommand();
            command.CommandText = sql;
            return command;
        }
    }

    extension(DbCommand command)
    {
        public DbCommand Bind(string name, object? value)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
            return command;
        }
    }

    extension(DbDataReader row)
    {
        public string? GetStringOrNull(int column) => row.IsDBNull(column) ? null : row.GetString(column);

        public long? GetInt64OrNull(int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
    }
}
