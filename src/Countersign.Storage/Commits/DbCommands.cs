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
        /// <summary>Binds a value. PostgreSQL's texts have no NUL: one in a value would fail the statement as if the store were not there, so that on both engines it is the character for what cannot be shown.</summary>
        public DbCommand Bind(string name, object? value)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value is string text ? text.Replace('\0', '\uFFFD') : value ?? DBNull.Value;
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
